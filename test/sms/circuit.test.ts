import { describe, expect, it } from "vitest";
import type { Attempt, Circuit } from "../../src/sms/circuit.ts";
import { afterBegin, afterEnd, attemptOf, CLOSED, stateOf } from "../../src/sms/circuit.ts";

const usual: Attempt = "usual";

function failTimes(times: number, now = 0): Circuit {
  const fail = (circuit: Circuit) => afterEnd(circuit, { attempt: usual, failed: true }, now);
  return Array.from({ length: times }).reduce<Circuit>(fail, CLOSED);
}

/** Begins whatever is due at `now`, and fails. */
function failProbe(circuit: Circuit, now: number): Circuit {
  const attempt = attemptOf(circuit, now);
  return afterEnd(afterBegin(circuit, attempt, now), { attempt, failed: true }, now);
}

describe("a circuit", () => {
  it("opens at the fifth failure in a row", () => {
    expect([4, 5].map((times) => stateOf(failTimes(times), 0))).toEqual(["closed", "open"]);
  });

  it("counts failures in a row alone", () => {
    const healed = afterEnd(failTimes(4), { attempt: usual, failed: false }, 0);
    expect(stateOf(afterEnd(healed, { attempt: usual, failed: true }, 0), 0)).toBe("closed");
  });

  it.each([
    [0, "open", "last_resort"],
    [29_999, "open", "last_resort"],
    [30_000, "half_open", "probe"],
    [500_000, "half_open", "probe"],
  ])("%d ms after it opened is %s, and the next publish is its %s", (now, state, attempt) => {
    const circuit = failTimes(5);
    expect([stateOf(circuit, now), attemptOf(circuit, now)]).toEqual([state, attempt]);
  });

  it("lets one probe go at a time", () => {
    const probed = afterBegin(failTimes(5), "probe", 30_000);
    expect([stateOf(probed, 30_001), attemptOf(probed, 30_001)]).toEqual(["half_open", "last_resort"]);
  });

  it("lets another probe go where nobody tells of the first for a minute", () => {
    const probed = afterBegin(failTimes(5), "probe", 30_000);
    expect([attemptOf(probed, 89_999), attemptOf(probed, 90_000)]).toEqual(["last_resort", "probe"]);
  });

  it("doubles its time with each failed probe, to five minutes at most", () => {
    const spans: number[] = [];
    let now = 0;
    let circuit = failTimes(5);
    for (let probes = 0; probes < 6; probes += 1) {
      let span = 0;
      while (attemptOf(circuit, now + span) !== "probe") span += 1000;
      spans.push(span);
      now += span;
      circuit = failProbe(circuit, now);
    }
    expect(spans).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  it("closes at the first success of a probe, and begins with 30 s again", () => {
    const long = failProbe(failTimes(5), 30_000);
    const probed = afterBegin(long, "probe", 90_000);
    const closed = afterEnd(probed, { attempt: "probe", failed: false }, 90_500);
    expect(closed).toEqual(CLOSED);
    expect(attemptOf(failTimes(5, 91_000), 121_000)).toBe("probe");
  });

  it("learns nothing new from a failure past it, or from one that began before it opened", () => {
    const open = failTimes(5);
    for (const attempt of ["last_resort", "usual"] as const) {
      expect(afterEnd(open, { attempt, failed: true }, 10_000)).toEqual(open);
      const probed = afterBegin(open, "probe", 30_000);
      expect(afterEnd(probed, { attempt, failed: true }, 31_000)).toEqual(probed);
    }
  });

  it("closes at a success past it", () => {
    expect(afterEnd(failTimes(5), { attempt: "last_resort", failed: false }, 1)).toEqual(CLOSED);
  });
});
