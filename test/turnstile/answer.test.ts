import { describe, expect, it } from "vitest";
import { utf8 } from "../../src/bytes.ts";
import { judgeAnswer } from "../../src/turnstile/answer.ts";

const now = Date.UTC(2026, 10, 23, 12);
const expected = { action: "send-otp", hostnames: ["app.example.com", "www.example.com"] };
const good = {
  success: true,
  "error-codes": [],
  challenge_ts: "2026-11-23T11:59:50.123Z",
  hostname: "app.example.com",
  action: "send-otp",
  cdata: "",
};

const judge = (answer: unknown) => judgeAnswer(utf8(JSON.stringify(answer)), expected, now);
const judgeText = (text: string) => judgeAnswer(utf8(text), expected, now);

describe("an answer of siteverify", () => {
  it("passes a token that was solved for this action, on one of the hosts, within five minutes", () => {
    expect(judge(good)).toEqual({ kind: "passed" });
    expect(judge({ ...good, hostname: "www.example.com" })).toEqual({ kind: "passed" });
    expect(judge({ ...good, challenge_ts: "2026-11-23T11:55:00.000Z" })).toEqual({ kind: "passed" });
    // Another clock may be ahead of ours.
    expect(judge({ ...good, challenge_ts: "2026-11-23T12:00:01.000Z" })).toEqual({ kind: "passed" });
    expect(judge({ ...good, metadata: { interactive: true }, "error-codes": null })).toEqual({
      kind: "passed",
    });
  });

  it.each([
    ["another action", { ...good, action: "sign-up" }, "wrong_action"],
    ["an action in other letters", { ...good, action: "Send-OTP" }, "wrong_action"],
    ["no action", { ...good, action: undefined }, "wrong_action"],
    ["another host", { ...good, hostname: "evil.example" }, "wrong_hostname"],
    ["a host below one of ours", { ...good, hostname: "x.app.example.com" }, "wrong_hostname"],
    ["no host", { ...good, hostname: null }, "wrong_hostname"],
    [
      "a millisecond more than five minutes",
      { ...good, challenge_ts: "2026-11-23T11:54:59.999Z" },
      "too_old",
    ],
    ["no time", { ...good, challenge_ts: undefined }, "too_old"],
    ["a time that cannot be read", { ...good, challenge_ts: "just now" }, "too_old"],
  ])("refuses a token of %s", (_, answer, reason) => {
    expect(judge(answer)).toEqual({ kind: "refused", reason });
  });

  it.each(["missing-input-response", "invalid-input-response", "timeout-or-duplicate", "bad-request"])(
    "refuses the token by %s, whatever else it says",
    (code) => {
      const refused = { kind: "refused", reason: code };
      expect(judge({ success: false, "error-codes": [code] })).toEqual(refused);
      expect(judge({ ...good, success: false, "error-codes": ["hoax", code] })).toEqual(refused);
    },
  );

  it.each(["missing-input-secret", "invalid-input-secret", "internal-error"])(
    "says nothing of the token by %s, also beside a code that refuses it",
    (code) => {
      const unavailable = { kind: "unavailable", reason: code };
      expect(judge({ success: false, "error-codes": [code] })).toEqual(unavailable);
      expect(judge({ success: false, "error-codes": ["invalid-input-response", code] })).toEqual(unavailable);
    },
  );

  it.each([[["hoax"]], [["constructor"]], [[]], [undefined], [null]])(
    "says nothing of the token by the codes %j, and they are not repeated",
    (codes) => {
      const unavailable = { kind: "unavailable", reason: "other" };
      expect(judge({ success: false, "error-codes": codes })).toEqual(unavailable);
    },
  );

  it.each([
    ["", "not_json"],
    ["<html>hoax</html>", "not_json"],
    ['{"success":true', "not_json"],
    ["null", "field_none"],
    ["[true]", "field_none"],
    ["true", "field_none"],
    ["{}", "field_success"],
    ['{"success":"true"}', "field_success"],
    ['{"success":1}', "field_success"],
    ['{"success":true,"action":7}', "field_action"],
    ['{"success":true,"hostname":["app.example.com"]}', "field_hostname"],
    ['{"success":true,"challenge_ts":1700000000}', "field_challenge_ts"],
    ['{"success":false,"error-codes":"hoax"}', "field_error-codes"],
  ])("of %j is none", (text, reason) => {
    expect(judgeText(text)).toEqual({ kind: "unavailable", reason });
  });

  it("that is not UTF-8 is none", () => {
    expect(judgeAnswer(new Uint8Array([0x22, 0xff, 0x22]), expected, now)).toEqual({
      kind: "unavailable",
      reason: "not_json",
    });
  });
});
