import { describe, expect, it } from "vitest";
import { formatNumber, readNumber, toE164, toText } from "../../src/local/page/browser/phone-number.js";
import { describeRoles } from "../../src/local/page/roles.ts";
import { parsePhone } from "../../src/phone.ts";

const countries = ["IN", "US", "GB", "FR", "AE", "SG", "NP"] as const;
const offered =
  describeRoles({ customer: { name: "Weelo", defaultCountry: "IN", countries } })[0]?.countries ?? [];

function country(code: string) {
  const found = offered.find((entry) => entry.code === code);
  if (found === undefined) throw new Error(code);
  return found;
}

describe("the number field of the sign-in page", () => {
  it.each([
    "9876543210",
    "+91 98765-43210",
    "+919876543210",
    "919876543210",
    "09876543210",
    "00919876543210",
    " 98765 43210 ",
    "(+91) 98765 43210",
    "+91 (0) 98765 43210",
    "tel:+91-98765-43210",
    "\u202a+91 98765 43210\u202c",
    "९८७६५४३२१०",
    "＋９１９８７６５４３２１０",
  ])("reads %j as the service does", (text) => {
    const number = readNumber(text, country("IN"), offered);
    expect(number).toEqual({ country: country("IN"), digits: "9876543210" });
    const app = { defaultCountry: "IN", countries: [...countries] } as const;
    const rules = { app, testNumbers: new Set<string>() };
    expect(parsePhone(toE164(number), rules)).toEqual(parsePhone(text, rules));
  });

  it.each([
    ["+44 7400 123456", "GB", "7400123456"],
    ["+44 07400 123456", "GB", "7400123456"],
    ["+1 (415) 555-2671", "US", "4155552671"],
    ["+971 50 123 4567", "AE", "501234567"],
    ["+65 8123 4567", "SG", "81234567"],
  ])("takes the country from %j, whichever was chosen", (text, code, digits) => {
    expect(readNumber(text, country("IN"), offered)).toEqual({ country: country(code), digits });
  });

  it("leaves the country that was chosen where none is written, and where its code is half written", () => {
    expect(readNumber("7400 123456", country("GB"), offered).country).toBe(country("GB"));
    expect(readNumber("+9", country("IN"), offered)).toEqual({ country: null, digits: "9" });
  });

  it("leaves a country that is not offered to the service to refuse", () => {
    const number = readNumber("+49 1512 3456789", country("IN"), offered);
    expect([toE164(number), toText(number)]).toEqual(["+4915123456789", "+4915123456789"]);
  });

  it.each([
    ["IN", "9", "9"],
    ["IN", "98765", "98765"],
    ["IN", "987654", "98765 4"],
    ["IN", "9876543210", "98765 43210"],
    ["IN", "98765432101", "98765432101"],
    ["US", "4155552671", "415 555 2671"],
    ["FR", "612345678", "6 12 34 56 78"],
  ])("groups a number of %s, %s, as %s", (code, digits, text) => {
    expect(formatNumber(digits, country(code))).toBe(text);
  });
});
