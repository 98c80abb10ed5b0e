import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../src/directory/answer.ts";
import { bytesOf } from "../harness/random.ts";

const parse = (value: unknown) =>
  parseAnswer(bytesOf(typeof value === "string" ? value : JSON.stringify(value)));
const unavailable = (reason: string) => ({ kind: "unavailable", reason });

const full = {
  id: "u-1",
  name: "आशा",
  email: "asha@example.com",
  company: "Asha Logistics",
  isProfileComplete: true,
  preferredLanguage: "hi",
  isNewUser: false,
  createdAt: "2025-01-01T00:00:00Z",
  updatedAt: "2025-02-01T00:00:00Z",
  claims: { plan: "gold", fleets: [1, 2], "https://example.com/team": { id: 7 } },
};

describe("a record", () => {
  it("is taken as it stands", () => {
    expect(parse(full)).toEqual({ kind: "record", record: full });
  });

  it("may leave out any field, or have null or nothing in it", () => {
    const empty = {
      id: null,
      name: null,
      email: null,
      company: null,
      isProfileComplete: false,
      preferredLanguage: null,
      isNewUser: false,
      createdAt: null,
      updatedAt: null,
      claims: {},
    };
    const nulls = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
    for (const value of [{}, { ...nulls, suspended: null }, { name: "", email: "", suspended: false }]) {
      expect(parse(value)).toEqual({ kind: "record", record: empty });
    }
  });

  it("may hold fields that nobody asked for, which go no further", () => {
    const value = `{"passwordHash":"x","constructor":{"name":"x"},"__proto__":{"name":"x","suspended":true}}`;
    expect(parse(value)).toEqual(parse({}));
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("may be as long as its fields allow", () => {
    const long = { id: "u".repeat(128), name: "न".repeat(200), claims: { a: "x".repeat(2048 - 8) } };
    expect(parse(long)).toMatchObject({ kind: "record", record: long });
  });

  it.each([
    ["id", 7],
    ["id", ""],
    ["id", "with space"],
    ["id", "with\nline"],
    ["id", "आशा"],
    ["id", "u".repeat(129)],
    ["id", { toString: "x" }],
    ["name", 7],
    ["name", ["Asha"]],
    ["name", "A".repeat(201)],
    ["name", "\u0001".repeat(200)],
    ["company", "Asha\nRoadways"],
    ["email", "\ud800"],
    ["email", false],
    ["email", "a".repeat(201)],
    ["company", {}],
    ["company", "A".repeat(201)],
    ["isProfileComplete", "true"],
    ["isProfileComplete", 1],
    ["isNewUser", "yes"],
    ["preferredLanguage", 1],
    ["preferredLanguage", "x".repeat(36)],
    ["createdAt", 1_764_000_000],
    ["updatedAt", "2".repeat(41)],
    ["suspended", "true"],
    ["suspended", 1],
    ["claims", "hoax"],
    ["claims", ["hoax"]],
    ["claims", { a: "x".repeat(2048 - 7) }],
    ["claims", { a: "न".repeat(1000) }],
    ["claims", { "": 1 }],
    ["claims", { "two words": 1 }],
    ["claims", { ſub: "u-2" }],
  ])("whose %s is %j is unavailable, and the reason quotes nothing of it", (name, value) => {
    expect(parse({ ...full, [name]: value })).toEqual(unavailable(`field_${name}`));
  });

  const reserved =
    "iss aud sub exp nbf iat jti role phone_number phone_number_verified amr auth_time sid azp acr act scope client_id cnf";

  it.each(reserved.split(" "))("that claims %s, in whatever case, is unavailable", (name) => {
    for (const claim of [name, name.toUpperCase()]) {
      expect(parse({ ...full, claims: { plan: "gold", [claim]: "hoax" } })).toEqual(
        unavailable("field_claims"),
      );
    }
  });

  it("that claims a prototype is unavailable", () => {
    expect(parse('{"claims":{"__proto__":{"sub":"u-2"}}}')).toEqual(unavailable("field_claims"));
  });

  it("may be nested as deep as it likes: it never crashes", () => {
    for (const depth of [500, 8000]) {
      const deep = "[".repeat(depth) + "]".repeat(depth);
      expect(parse(`{"id":"u-1","other":${deep}}`)).toMatchObject({ kind: "record" });
      expect(parse(`{"id":${deep}}`)).toEqual(unavailable("field_id"));
      expect(parse(deep)).toEqual(unavailable("field_none"));
    }
    expect(parse(`{"claims":{"a":${"[".repeat(8000)}${"]".repeat(8000)}}}`)).toMatchObject({
      kind: "unavailable",
    });
  });
});

describe("a suspension", () => {
  it("is `suspended: true`, whatever else stands beside it", () => {
    for (const value of [{ suspended: true }, { ...full, suspended: true }, { suspended: true, name: 7 }]) {
      expect(parse(value)).toEqual({ kind: "suspended" });
    }
  });

  it("has no other form", () => {
    expect(parse({ status: "suspended" })).toMatchObject({ kind: "record" });
  });
});

describe("an answer that is no record", () => {
  it.each([["null"], ["7"], ['"u-1"'], ["[]"], ["true"]])("(%s) is unavailable", (text) => {
    expect(parse(text)).toEqual(unavailable("field_none"));
  });

  it.each([[""], ["{"], ["{}{}"], ["hoax"], ["{'id':1}"]])("(%j) is not JSON", (text) => {
    expect(parse(text)).toEqual(unavailable("not_json"));
  });

  it("in another encoding than UTF-8 is not JSON", () => {
    expect(parseAnswer(Buffer.from('{"name":"Asén"}', "latin1"))).toEqual(unavailable("not_json"));
  });
});
