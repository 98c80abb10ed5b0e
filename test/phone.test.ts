import { describe, expect, it } from "vitest";
import { maskPhone, parsePhone, toAsciiDigits } from "../src/phone.ts";

const india = { defaultCountry: "IN", countries: ["IN"] } as const;
const world = { defaultCountry: "IN", countries: ["IN", "US", "GB", "FR", "SG"] } as const;

const none = new Set<string>();

describe("parsePhone", () => {
  it.each([
    "9876543210",
    "+919876543210",
    "919876543210",
    "09876543210",
    "00919876543210",
    " +91 98765-43210 ",
    "(98765) 43210",
    "98765.43210",
    "98765/43210",
    "+91\u00a098765\u00a043210",
    "\u202a+91 98765 43210\u202c",
    "+91‑98765‑43210",
    "९८७६५४३२१०",
    "٩٨٧٦٥٤٣٢١٠",
    "۹۸۷۶۵۴۳۲۱۰",
    "９８７６５４３２１０",
    "＋９１９８７６５４３２１０",
    "𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎",
    "+91 (0) 98765 43210",
    "tel:+91-98765-43210",
  ])("meets in one number: %j", (text) => {
    const parsed = parsePhone(text, { app: india, testNumbers: none });
    expect(parsed).toEqual({
      ok: true,
      phone: {
        e164: "+919876543210",
        country: "IN",
        display: "9876543210",
        masked: "98****3210",
        fixedCode: null,
      },
    });
  });

  it.each([
    ["", "no digits"],
    ["hello", "letters"],
    ["98765", "too short"],
    ["98765432101234567890123", "too long"],
    ["9876543210 ext 5", "an extension"],
    ["call 9876543210", "words around it"],
    ["0000000000", "no such number"],
    ["++919876543210", "two plus signs"],
    ["98765+43210", "a plus sign inside"],
    ["\ud800", "a lone surrogate"],
    ["987654321０\u0000", "a control character"],
  ])("refuses %j: %s", (text) => {
    expect(parsePhone(text, { app: india, testNumbers: none })).toEqual({
      ok: false,
      reason: "invalid_phone",
    });
  });

  it.each([
    ["+14155552671", "US"],
    ["+447400123456", "GB"],
  ])("refuses the country of %s where it is not listed, and takes it where it is", (text, country) => {
    expect(parsePhone(text, { app: india, testNumbers: none })).toEqual({
      ok: false,
      reason: "country_not_allowed",
    });
    expect(parsePhone(text, { app: world, testNumbers: none })).toMatchObject({
      ok: true,
      phone: { e164: text, country, display: text },
    });
  });

  it.each([
    ["01123456789", "a landline in Delhi"],
    ["+442079460018", "a landline in London"],
    ["+449098790000", "a premium number in Britain"],
    ["18001234567", "a toll-free number in India"],
    ["+33899123456", "a premium number in France"],
  ])("refuses %s: %s", (text) => {
    expect(parsePhone(text, { app: world, testNumbers: none })).toEqual({
      ok: false,
      reason: "number_not_allowed",
    });
  });
});

describe("a test number", () => {
  const named = { ...india, testNumbers: { "+15555550100": "424242", "+919999900001": "000000" } };
  const testNumbers = new Set([...Object.keys(named.testNumbers), "+919999900002"]);

  it.each([
    ["+1 (555) 555-0100", "+15555550100", "424242"],
    ["99999 00001", "+919999900001", "000000"],
  ])("has its fixed code where the app names it, real or not: %s", (text, e164, fixedCode) => {
    const parsed = parsePhone(text, { app: named, testNumbers });
    expect(parsed).toMatchObject({ ok: true, phone: { e164, fixedCode } });
  });

  it.each(["9999900002", "+919999900002"])("of another app is refused: %s", (text) => {
    expect(parsePhone(text, { app: named, testNumbers })).toEqual({
      ok: false,
      reason: "number_not_allowed",
    });
    expect(parsePhone(text, { app: named, testNumbers: none })).toMatchObject({ ok: true });
  });
});

describe("maskPhone", () => {
  it.each([
    ["9876543210", "98****3210"],
    ["98765432101", "98****2101"],
    ["81234567", "****67"],
    ["123456789", "****89"],
  ])("%s is shown as %s", (national, masked) => {
    expect(maskPhone(national)).toBe(masked);
  });
});

describe("toAsciiDigits", () => {
  it("reads every decimal digit that Unicode knows by its value", () => {
    const rows = {
      devanagari: "०१२३४५६७८९",
      bengali: "০১২৩৪৫৬৭৮৯",
      tamil: "௦௧௨௩௪௫௬௭௮௯",
      thai: "๐๑๒๓๔๕๖๗๘๙",
      doubleStruck: "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡",
    };
    for (const row of Object.values(rows)) expect(toAsciiDigits(row)).toBe("0123456789");
  });
});
