import { createHmac } from "node:crypto";
import type { JWTPayload } from "jose";
import { CompactSign, decodeJwt, decodeProtectedHeader, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createSigningKey } from "../../src/local/signing-key.ts";
import { createAccessTokens } from "../../src/tokens/access.ts";
import type { SigningKeys } from "../../src/tokens/keys.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";

const jwk = await createSigningKey();
const stranger = await createSigningKey();
const { d: _, ...publicJwk } = jwk;

async function parse(...keys: object[]): Promise<SigningKeys> {
  const parsed = await parseSigningKeys({ keys });
  if ("wants" in parsed) throw new Error(parsed.wants);
  return parsed;
}

const AUDIENCES: Readonly<Record<string, string>> = {
  customer: "weelo",
  driver: "captain",
  transporter: "captain",
};
const issuer = "https://auth.example";
const audienceOf = (role: string) => AUDIENCES[role] ?? null;
const tokens = createAccessTokens({ keys: await parse(jwk), issuer, audienceOf });

const now = 1_790_000_000_500;
const iat = 1_790_000_000;
const claims = {
  subject: "user-id",
  role: "customer",
  phone: "+919876543210",
  sid: "session-id",
  authTime: iat - 100,
  extra: { name: "Asha", company: { id: 7 } },
};
const at = { audience: "weelo", lifetimeSeconds: 900, now };
const good = await tokens.sign(claims, at);
const goodHeader = { alg: "ES256", typ: "at+jwt", kid: jwk.kid };
const goodPayload = decodeJwt(good);

/** What the service would sign if it were talked into it. */
async function signed(
  payload: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
  key = jwk,
) {
  const whole = Object.fromEntries(
    Object.entries({ ...goodPayload, ...payload }).filter(([, value]) => value !== undefined),
  );
  const privateKey = await importJWK(key, "ES256");
  return new SignJWT(whole as JWTPayload).setProtectedHeader({ ...goodHeader, ...header }).sign(privateKey);
}

/** Any header and payload, with a true ES256 signature. */
async function signedText(header: string, payload: string) {
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
  ]);
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** HS256 with what everybody may know for its secret. */
function signedByHmac(secret: string | Buffer): string {
  const input = `${encode({ ...goodHeader, alg: "HS256" })}.${encode(goodPayload)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

async function publicPem(): Promise<string> {
  const key = (await parse(jwk)).verification.get(jwk.kid);
  if (!key) throw new Error("no key");
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", key)).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
}

const changeAt = (token: string, index: number): string =>
  token.slice(0, index) + (token[index] === "A" ? "B" : "A") + token.slice(index + 1);

describe("an access token", () => {
  it("is an at+jwt that says who signed in, how, when, and for whom", () => {
    expect(decodeProtectedHeader(good)).toEqual(goodHeader);
    expect(goodPayload).toEqual({
      iss: issuer,
      aud: "weelo",
      sub: "user-id",
      client_id: "customer",
      role: "customer",
      phone_number: "+919876543210",
      phone_number_verified: true,
      amr: ["otp", "sms"],
      auth_time: iat - 100,
      sid: "session-id",
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      iat,
      exp: iat + 900,
      name: "Asha",
      company: { id: 7 },
    });
  });

  it("gives back what it was made of, until the second in which it expires", async () => {
    const verified = { ...claims, expiresAt: iat + 900 };
    expect(await tokens.verify(good, now)).toEqual(verified);
    expect(await tokens.verify(good, (iat + 900) * 1000 - 1)).toEqual(verified);
    expect(await tokens.verify(good, (iat + 900) * 1000)).toBeNull();
  });

  it("names its holder to who signs out, long after it has expired", async () => {
    const later = (iat + 400 * 86_400) * 1000;
    expect(await tokens.verify(good, later)).toBeNull();
    expect(await tokens.verifyExpired(good, later)).toEqual({ ...claims, expiresAt: iat + 900 });
    expect(await tokens.verifyExpired(good, now)).toEqual({ ...claims, expiresAt: iat + 900 });
  });

  it("is taken by a location whose clock is up to ten seconds behind, not eleven", async () => {
    expect(await tokens.verify(good, (iat - 10) * 1000)).not.toBeNull();
    expect(await tokens.verify(good, (iat - 11) * 1000)).toBeNull();
    expect(await tokens.verifyExpired(good, (iat - 11) * 1000)).toBeNull();
  });

  it("signs its session out, but opens nothing, once its role has another audience", async () => {
    const before = await signed({ aud: "captain" });
    expect(await tokens.verify(before, now)).toBeNull();
    expect(await tokens.verifyExpired(before, now)).not.toBeNull();
  });

  it("is never the same twice", async () => {
    expect(decodeJwt(await tokens.sign(claims, at)).jti).not.toBe(goodPayload.jti);
  });

  it("lets no claim of the directory stand for one of ours, or change what it proves", async () => {
    const names = [...Object.keys(goodPayload), "nbf", "acr", "act", "cnf"];
    const extra = {
      ...Object.fromEntries(names.map((name) => [name, "hoax"])),
      ...(JSON.parse('{"__proto__":{"role":"admin"}}') as object),
      company: "Weelo",
    };
    const token = await tokens.sign({ ...claims, extra }, at);
    expect(decodeJwt(token)).toEqual({
      ...goodPayload,
      name: "hoax",
      company: "Weelo",
      jti: expect.any(String) as string,
    });
    expect((await tokens.verify(token, now))?.extra).toEqual({ name: "hoax", company: "Weelo" });
  });

  it("is not made where it would be too long to be read", async () => {
    const sign = tokens.sign({ ...claims, extra: { note: "x".repeat(8192) } }, at);
    await expect(sign).rejects.toThrow(RangeError);
  });

  it("outlives the key that signed it being no longer the first", async () => {
    const rotated = createAccessTokens({ keys: await parse(stranger, jwk), issuer, audienceOf });
    expect(await rotated.verify(good, now)).not.toBeNull();
    const fresh = await rotated.sign(claims, at);
    expect(decodeProtectedHeader(fresh).kid).toBe(stranger.kid);
    expect(await rotated.verify(fresh, now)).not.toBeNull();
    const alone = createAccessTokens({ keys: await parse(stranger), issuer, audienceOf });
    expect([await alone.verify(good, now), await alone.verify(fresh, now)]).toEqual([
      null,
      expect.objectContaining({ subject: "user-id" }),
    ]);
  });
});

const header = goodHeader;
const goodText = JSON.stringify(header);
const cases: Readonly<Record<string, () => string | Promise<string>>> = {
  "is empty": () => "",
  "is no token": () => "hoax",
  "has two parts": () => good.split(".").slice(0, 2).join("."),
  "has four parts": () => `${good}.${good.split(".")[2]}`,
  "has five parts, as an encrypted one": () => `${good}.a.b`,
  "has blanks round it": () => ` ${good} `,
  "is padded": () => `${good}==`,
  "has alg none and no signature": () => new UnsecuredJWT(goodPayload).encode(),
  "has alg none and a signature": () =>
    `${encode({ ...header, alg: "none" })}.${good.split(".").slice(1).join(".")}`,
  "has alg NONE": () => `${encode({ ...header, alg: "NONE" })}.${good.split(".").slice(1).join(".")}`,
  "has no alg": () =>
    signedText(JSON.stringify({ typ: "at+jwt", kid: jwk.kid }), JSON.stringify(goodPayload)),
  "is signed by HS256 with the public key's PEM": async () => signedByHmac(await publicPem()),
  "is signed by HS256 with the public JWK": () => signedByHmac(JSON.stringify(publicJwk)),
  "is signed by HS256 with the public x": () => signedByHmac(Buffer.from(jwk.x, "base64url")),
  "is signed by HS256 with nothing": () => signedByHmac(""),
  "says ES384": () => signedText(JSON.stringify({ ...header, alg: "ES384" }), JSON.stringify(goodPayload)),
  "is signed by another key": () => signed({}, {}, stranger),
  "names a key that is not known": () => signed({}, { kid: stranger.kid }, stranger),
  "names no key": () => signed({}, { kid: undefined }),
  "names a key by a number": () =>
    signedText(JSON.stringify({ ...header, kid: 7 }), JSON.stringify(goodPayload)),
  "names a key by __proto__": () => signed({}, { kid: "__proto__" }),
  "brings its own key": () => signed({}, { kid: stranger.kid, jwk: { ...stranger, d: undefined } }, stranger),
  "brings its own key under a known name": () => signed({}, { jwk: { ...stranger, d: undefined } }, stranger),
  "points to its own keys": () =>
    signed({}, { kid: stranger.kid, jku: "https://evil.example/jwks.json" }, stranger),
  "points to its own certificate": () =>
    signed({}, { kid: stranger.kid, x5u: "https://evil.example/c" }, stranger),
  "demands an extension": () =>
    signedText(JSON.stringify({ ...header, crit: ["hoax"], hoax: 1 }), JSON.stringify(goodPayload)),
  "has an empty crit": () => signedText(JSON.stringify({ ...header, crit: [] }), JSON.stringify(goodPayload)),
  "has an unencoded payload (RFC 7797)": () =>
    signedText(JSON.stringify({ ...header, crit: ["b64"], b64: false }), JSON.stringify(goodPayload)),
  "has the typ of an ID token": () => signed({}, { typ: "JWT" }),
  "has no typ": () => signed({}, { typ: undefined }),
  "has a header that is no JSON": () => signedText("{hoax", JSON.stringify(goodPayload)),
  "has a header that is a list": () => signedText("[]", JSON.stringify(goodPayload)),
  "has a payload that is no JSON": () => signedText(goodText, "{hoax"),
  "has a payload that is null": () => signedText(goodText, "null"),
  "has a payload that is no UTF-8": async () =>
    new CompactSign(new Uint8Array([0xff, 0xfe]))
      .setProtectedHeader(header)
      .sign(await importJWK(jwk, "ES256")),
  "is for several audiences": () => signed({ aud: ["weelo", "captain"] }),
  "names a role of another audience": () => signed({ role: "driver" }),
  "names a role that is not known": () => signed({ role: "admin" }),
  "names a role that every object has": () => signed({ role: "constructor", aud: "weelo" }),
  "is of another issuer": () => signed({ iss: "https://evil.example" }),
  "is of the issuer with a slash": () => signed({ iss: `${issuer}/` }),
  "is of several issuers": () => signed({ iss: [issuer] }),
  "has expired": () => signed({ exp: iat }),
  "never expires": () => signed({ exp: undefined }),
  "expires at a text": () => signed({ exp: String(iat + 900) }),
  "expires at no whole second": () => signed({ exp: iat + 900.5 }),
  "is not valid yet": () => signed({ nbf: iat + 60 }),
  "is of the future": () => signed({ iat: iat + 60 }),
  "is longer than 8 KiB": () => signed({ note: "x".repeat(8192) }),
  ...Object.fromEntries(
    Object.keys(goodPayload)
      .filter((name) => !(name in claims.extra))
      .map((name) => [`has no ${name}`, () => signed({ [name]: undefined })]),
  ),
  ...Object.fromEntries(
    ["aud", "sub", "role", "phone_number", "amr", "sid", "jti", "iat", "exp", "auth_time"].flatMap((name) => [
      [
        `has an object for ${name}`,
        () => signedText(goodText, JSON.stringify({ ...goodPayload, [name]: {} })),
      ],
      [`has null for ${name}`, () => signedText(goodText, JSON.stringify({ ...goodPayload, [name]: null }))],
    ]),
  ),
  "has an empty sub": () => signed({ sub: "" }),
  "has a number that is not E.164": () => signed({ phone_number: "9876543210" }),
  "has a number that is not verified": () => signed({ phone_number_verified: false }),
  "has a text for verified": () => signed({ phone_number_verified: "true" }),
};

describe("a token that", () => {
  it.each(Object.entries(cases))("%s is nothing", async (name, make) => {
    const token = await make();
    expect(await tokens.verify(token, now)).toBeNull();
    if (name !== "has expired") expect(await tokens.verifyExpired(token, now)).toBeNull();
  });

  it("has any one character changed is nothing", async () => {
    for (let index = 0; index < good.length; index += 1)
      expect(await tokens.verify(changeAt(good, index), now), `at ${index}`).toBeNull();
  });

  it("has its last character spelt in another way is nothing", async () => {
    const spellings = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
    const taken = await Promise.all(
      spellings.map(async (last) => (await tokens.verify(good.slice(0, -1) + last, now)) !== null),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("is as the tests above make them, but good, is something", async () => {
    expect(await tokens.verify(await signed({}), now)).not.toBeNull();
    expect(
      await tokens.verify(await signed({ aud: "captain", role: "driver", client_id: "driver" }), now),
    ).not.toBeNull();
    expect(await tokens.verify(await signedText(goodText, JSON.stringify(goodPayload)), now)).not.toBeNull();
    const withForeignKey = await signed(
      {},
      { jku: "https://evil.example", jwk: { ...stranger, d: undefined } },
    );
    expect(await tokens.verify(withForeignKey, now)).not.toBeNull();
  });
});
