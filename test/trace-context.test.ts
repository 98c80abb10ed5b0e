import { describe, expect, it } from "vitest";
import { createSpanHeaders, loggableTraceId, parseTraceContext } from "../src/trace-context.ts";
import { sequence } from "./harness/random.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";
const valid = `00-${TRACE}-${PARENT}-01`;

describe("a traceparent", () => {
  it.each([
    ["sampled", valid, "01"],
    ["not sampled", `00-${TRACE}-${PARENT}-00`, "00"],
    ["with the flag of level 2", `00-${TRACE}-${PARENT}-03`, "03"],
    ["with flags that nobody knows yet", `00-${TRACE}-${PARENT}-fd`, "01"],
    ["of a later version", `01-${TRACE}-${PARENT}-01`, "01"],
    ["of a later version, with more behind", `cc-${TRACE}-${PARENT}-00-what-the-future-holds`, "00"],
    ["of a later version, with a dash behind", `01-${TRACE}-${PARENT}-01-`, "01"],
  ])("%s is taken", (_, traceparent, flags) => {
    expect(parseTraceContext(traceparent, undefined)).toEqual({ traceId: TRACE, flags, state: null });
  });

  it.each([
    ["none", undefined],
    ["empty", ""],
    ["version ff", `ff-${TRACE}-${PARENT}-01`],
    ["no version", `${TRACE}-${PARENT}-01`],
    ["a trace-id of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["a parent-id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["a short trace-id", `00-${TRACE.slice(1)}-${PARENT}-01`],
    ["a long parent-id", `00-${TRACE}-${PARENT}0-01`],
    ["upper case", valid.toUpperCase()],
    ["other letters", valid.replaceAll("f", "g")],
    ["no flags", `00-${TRACE}-${PARENT}`],
    ["one digit of flags", `00-${TRACE}-${PARENT}-1`],
    ["more behind version 00", `${valid}-more`],
    ["more behind without a dash", `01-${TRACE}-${PARENT}-01more`],
    ["underscores", valid.replaceAll("-", "_")],
    ["two of them", `${valid}, ${valid}`],
    ["a line break", `${valid}\n`],
  ])("with %s is none", (_, traceparent) => {
    expect(parseTraceContext(traceparent, "rojo=1")).toBeNull();
  });
});

const members = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(",");

describe("a tracestate", () => {
  it.each([
    ["of one vendor", "rojo=00f067aa0ba902b7"],
    ["of several, with spaces and gaps", "rojo=1 , congo=t61rcWkgMzE,,\tfw529a3039@dt=FfI!%~ x"],
    ["of 32 members", members(32)],
    ["of 512 characters", `k=${"v".repeat(255)},j=${"v".repeat(251)}x`],
    ["with keys of every character", "a0_-*/=1,0t@v=2"],
  ])("%s is passed on as it came", (_, tracestate) => {
    expect(parseTraceContext(valid, tracestate)?.state).toBe(tracestate);
  });

  it.each([
    ["empty", ""],
    ["of commas", ",,"],
    ["of 33 members", members(33)],
    ["of 513 characters", `k=${"v".repeat(255)},j=${"v".repeat(252)}x`],
    ["without a value", "rojo="],
    ["without a key", "=1"],
    ["without either", "rojo"],
    ["with a key twice", "rojo=1,congo=2,rojo=3"],
    ["with an upper-case key", "Rojo=1"],
    ["with a key of digits alone", "0=1"],
    ["with a value too long", `rojo=${"v".repeat(257)}`],
    ["with an equals sign in a value", "rojo=1=2"],
    ["with other characters", "rojo=é"],
    ["with a control character", "rojo=1\u0001"],
  ])("%s is dropped, and the trace goes on", (_, tracestate) => {
    expect(parseTraceContext(valid, tracestate)).toEqual({ traceId: TRACE, flags: "01", state: null });
  });
});

describe("the headers of a span", () => {
  it("keep trace, flags and state, and have an id of their own each time", () => {
    const spanHeaders = createSpanHeaders(parseTraceContext(valid, "rojo=1"), sequence(1));
    const [first, second] = [spanHeaders(), spanHeaders()];
    expect(first).toEqual({
      traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`)) as string,
      tracestate: "rojo=1",
    });
    expect(new Set([first["traceparent"], second["traceparent"], valid]).size).toBe(3);
  });

  it("are of version 00, whatever the caller's was", () => {
    const spanHeaders = createSpanHeaders(parseTraceContext(`cc-${TRACE}-${PARENT}-ff-x`, ""), sequence(2));
    expect(spanHeaders()["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-03$`));
    expect(spanHeaders()).not.toHaveProperty("tracestate");
  });

  it("are none where the caller traces nothing", () => {
    expect(createSpanHeaders(null, sequence(3))()).toEqual({});
  });
});

describe("a trace-id", () => {
  it("goes into the log, unless it is a number that could be a phone's", () => {
    const logged = (traceId: string) => {
      const context = parseTraceContext(`00-${traceId}-${PARENT}-01`, undefined);
      return context === null ? null : loggableTraceId(context);
    };
    expect(logged(TRACE)).toBe(TRACE);
    expect(logged("12345678901234567890123456789012")).toBe("12345678901234567890123456789012");
    expect(logged("919876543210".padStart(32, "0"))).toBeUndefined();
    expect(logged("9".repeat(15).padStart(32, "0"))).toBeUndefined();
  });
});
