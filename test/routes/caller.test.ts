import { describe, expect, it } from "vitest";
import { clientAddressOf } from "../../src/routes/caller.ts";
import { findRepeatedField } from "../../src/routes/repeated-field.ts";
import { requestIdOf } from "../../src/log.ts";

describe("clientAddressOf", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    [" 203.0.113.7 ", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::ffff:cb00:7107", "203.0.113.7"],
    [undefined, "unknown"],
    ["", "unknown"],
    ["localhost", "unknown"],
    ["2001:db8::1]/?x=[", "unknown"],
    ["1:2:3", "unknown"],
  ])("reads %j as %s", (header, address) => {
    expect(clientAddressOf(header)).toBe(address);
  });
});

describe("findRepeatedField", () => {
  it.each([
    ['{"phone":"1","role":"a"}', null],
    ['{"phone":"1","phone":"2"}', "phone"],
    ['{"phone":"1","ph\\u006fne":"2"}', "phone"],
    ['{"a":{"phone":1},"phone":2}', null],
    ['{"a":[{"b":1},{"b":2}]}', null],
    ['{"a":{"b":1,"b":2}}', "b"],
    ['{"a":"x\\":{\\"a","b":"a"}', null],
    ["[1,2,3]", null],
    ['"phone"', null],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ])("in %s finds %j", (text, field) => {
    expect(findRepeatedField(text)).toBe(field);
  });
});

describe("requestIdOf", () => {
  it("echoes what is sane, and makes its own for what is not or could be a phone number", () => {
    for (const header of [
      "req-1.A:b_c",
      "trace-123456",
      "0f8fad5b-d9cb-469f-a165-708671284092",
      "0f8fad5bd9cb469fa165708671284092",
    ]) {
      expect(requestIdOf(header)).toBe(header);
    }
    for (const header of [
      undefined,
      "",
      "a b",
      "ü",
      "x".repeat(129),
      "9876543210",
      "91-98765-43210",
      "p9876543210",
      "tel:9876543210",
      "00000000-0000-0000-0000-919876543210",
      "00000000000000000000919876543210",
      "91987654321091987654321091987654",
    ]) {
      expect(requestIdOf(header)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
