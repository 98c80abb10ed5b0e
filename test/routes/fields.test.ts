import { describe, expect, it } from "vitest";
import { optionalLocale } from "../../src/routes/fields.ts";

describe("locale", () => {
  it.each([
    ["hi_IN", "hi-IN"],
    ["zh-Hant-TW", "zh-Hant-TW"],
    ["en-IN-u-fw-mon-hc-h23-mu-celsius-nu-latn", "en-IN-u-fw-mon-hc-h23-mu-celsius-nu-latn"],
    ["x-klingon", "x-klingon"],
    ["i-navajo", "i-navajo"],
    ["", null],
    [null, null],
    [undefined, null],
  ])("%j is read as %j", (given, read) => {
    expect(optionalLocale.parse(given)).toBe(read);
  });

  it.each(["x", "e", "no such locale!", "en-", "-en", "en--IN", "en-IN-morethaneight", "e".repeat(256)])(
    "%j is none",
    (given) => {
      expect(optionalLocale.safeParse(given).success).toBe(false);
    },
  );
});
