import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { septetsOf } from "../../src/sms/gsm7.ts";
import { measureSms } from "../../src/sms/measure.ts";

const EXTENSION = "^{}\\[~]|€\f";
const BMP = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
  (character) => !/[\uD800-\uDFFF]/.test(character),
);
const GSM_CHARACTERS = BMP.filter((character) => septetsOf(character) !== null);

describe("septetsOf", () => {
  it("agrees with Twilio's calculator on every character of the BMP", () => {
    const byLibrary = (character: string) => {
      const { encodingName, messageSize } = new SegmentedMessage(character);
      return encodingName === "GSM-7" ? messageSize / 7 : null;
    };
    expect(BMP.filter((character) => septetsOf(character) !== byLibrary(character))).toEqual([]);
    expect(GSM_CHARACTERS.length).toBe(127 + EXTENSION.length);
  });

  it("counts an escape for each character of the extension", () => {
    expect([...EXTENSION].map(septetsOf)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  });
});

describe("measureSms", () => {
  it.each([
    ["", "GSM-7", 0, 1, 0],
    ["a".repeat(160), "GSM-7", 160, 1, 160],
    ["a".repeat(161), "GSM-7", 161, 2, 161],
    ["a".repeat(306), "GSM-7", 306, 2, 306],
    ["a".repeat(307), "GSM-7", 307, 3, 307],
    // An escape and its character stay together: 152 and a pair leave one septet of the first part empty.
    [`${"a".repeat(152)}€${"a".repeat(151)}`, "GSM-7", 305, 2, 306],
    [`${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7", 306, 3, 307],
    ["€".repeat(80), "GSM-7", 160, 1, 240],
    ["^".repeat(80), "GSM-7", 160, 1, 140],
    ["क".repeat(70), "UCS-2", 70, 1, 210],
    ["क".repeat(71), "UCS-2", 71, 2, 213],
    ["क".repeat(134), "UCS-2", 134, 2, 402],
    ["क".repeat(135), "UCS-2", 135, 3, 405],
    [`${"a".repeat(69)}ç`, "UCS-2", 70, 1, 140],
    ["😀".repeat(35), "UCS-2", 70, 1, 140],
    // 33 pairs fill 66 of 67 units, and the next is not cut in two.
    ["😀".repeat(67), "UCS-2", 134, 3, 268],
    ["\uD800", "UCS-2", 1, 1, 3],
  ])("of %j is %s, %d units, %d parts, %d bytes", (text, encoding, units, parts, bytes) => {
    expect(measureSms(text)).toEqual({ encoding, units, parts, bytes });
  });

  it("counts parts as Twilio's calculator does", () => {
    const gsm = fc.string({
      unit: fc.constantFrom(...GSM_CHARACTERS.filter((c) => c !== "\r")),
      maxLength: 500,
    });
    const ucs2 = fc.string({ unit: fc.constantFrom("a", "1", "ж", "中", "“", "😀"), maxLength: 300 });
    fc.assert(
      fc.property(fc.oneof(gsm, ucs2), (text) => {
        const library = new SegmentedMessage(text);
        const { encoding, parts } = measureSms(text);
        expect([encoding, parts]).toEqual([library.encodingName, library.segmentsCount]);
      }),
    );
  });
});
