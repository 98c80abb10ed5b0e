import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/errors.ts";
import { explain } from "../../src/local/page/browser/plain-words.js";

const problem = (code: string, message: string, more: object = {}) => ({
  code,
  message,
  retryAfterMs: null,
  attemptsRemaining: null,
  requestId: null,
  ...more,
});

describe("the page's words for a problem", () => {
  it.each(Object.entries(ERRORS))("are the service's own for %s", (code, { message }) => {
    expect(explain(problem(code, message)).message).toBe(message);
  });

  it.each(["OFFLINE", "NO_ANSWER", "TOO_SLOW", "UNREACHABLE"])(
    "say what to do where the service has not spoken: %s",
    (code) => {
      const { message, hint } = explain(problem(code, ""));
      expect([message, hint]).toEqual([expect.stringMatching(/^[A-Z].+\.$/), expect.stringMatching(/[.?]$/)]);
    },
  );

  it.each([
    [4, "4 tries are left."],
    [1, "One try is left."],
    [0, "That was the last try. Please ask for a new code."],
    [null, ""],
  ])("count the tries: %s", (attemptsRemaining, hint) => {
    expect(explain(problem("OTP_INVALID", "Wrong.", { attemptsRemaining })).hint).toBe(hint);
  });

  it("lead to the log where nothing else helps", () => {
    expect(explain(problem("INTERNAL_ERROR", "Sorry.", { requestId: "r-1" })).hint).toContain("r-1");
  });

  it("are never none, whatever comes", () => {
    expect(explain(problem("TEAPOT", "")).message).toBe("Something went wrong. Please try again.");
  });
});
