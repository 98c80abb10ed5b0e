import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBase64url, toBase64url } from "../../src/bytes.ts";
import type { Holder, Nonce, SessionId, Subject } from "../../src/ids.ts";
import { createSigningKey } from "../../src/local/signing-key.ts";
import { deriveMac } from "../../src/mac.ts";
import { createChallengeId, parseChallengeId } from "../../src/otp/challenge.ts";
import { createCodeSecrets } from "../../src/otp/codes.ts";
import { createAccessTokens } from "../../src/tokens/access.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";
import { createRefreshToken, parseRefreshToken } from "../../src/tokens/refresh.ts";
import { createSeal } from "../../src/tokens/seal.ts";
import { bytesOf, sequence } from "../harness/random.ts";
import { CASES, MOST_MS, SEED } from "./cases.ts";
import { forgeriesOf } from "./mutations.ts";

const options = { numRuns: CASES, seed: SEED };
const random = (length: number) => new Uint8Array(sequence(SEED)(length));
const secrets = await createCodeSecrets(bytesOf("the secret of the codes, 32 bytes at least"), random(32));
const mac = await deriveMac(bytesOf("the secret of the ids, 32 bytes at least"), "refresh");

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((drawn) => toBase64url(drawn));
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const subject = bytes(18).map((text) => text as Subject);

describe("a challenge id", () => {
  const challenge = fc.record({
    nonce: bytes(18).map((text) => text as Nonce),
    issuedAt: time,
    holder: bytes(8).map((text) => text as Holder),
  });

  it("says what it was made of, to its own subject alone", { timeout: MOST_MS }, async () => {
    const property = fc.asyncProperty(subject, subject, challenge, async (own, other, made) => {
      const id = await createChallengeId(secrets, own, made);
      expect(await parseChallengeId(secrets, own, id)).toEqual(made);
      if (other !== own) expect(await parseChallengeId(secrets, other, id)).toBeNull();
    });
    await fc.assert(property, options);
  });

  it("is accepted in no other form, and no other is accepted", { timeout: MOST_MS }, async () => {
    const [own, another] = fc.sample(subject, { numRuns: 2, seed: SEED }) as [Subject, Subject];
    const made = fc.sample(challenge, { numRuns: 3, seed: SEED });
    const ids = await Promise.all([
      ...made.map((one) => createChallengeId(secrets, own, one)),
      createChallengeId(secrets, another, made[0] ?? neverDrawn()),
    ]);
    const property = fc.asyncProperty(forgeriesOf(atLeastOne(ids)), async (text) => {
      expect(await parseChallengeId(secrets, own, text)).toBeNull();
    });
    await fc.assert(property, options);
  });
});

describe("a refresh token", () => {
  /** Of lengths whose last character in base64url has spare bits, and has none. */
  const roles = ["customer", "transporter", "driver", "a", "role-with_32.characters_at.most_"] as const;
  const claims = fc.record({
    sid: bytes(12).map((text) => text as SessionId),
    subject,
    createdAt: time,
    generation: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    role: fc.constantFrom(...roles),
  });

  it("says what it was made of", { timeout: MOST_MS }, async () => {
    const property = fc.asyncProperty(claims, async (made) => {
      expect(await parseRefreshToken(mac, await createRefreshToken(mac, made))).toEqual(made);
    });
    await fc.assert(property, options);
  });

  it("is accepted in no other form, and no other is accepted", { timeout: MOST_MS }, async () => {
    const made = fc.sample(claims, { numRuns: roles.length, seed: SEED });
    const tokens = await Promise.all(
      made.map((one, index) => createRefreshToken(mac, { ...one, role: roles[index] ?? one.role })),
    );
    const property = fc.asyncProperty(forgeriesOf(atLeastOne(tokens)), async (text) => {
      expect(await parseRefreshToken(mac, text)).toBeNull();
    });
    await fc.assert(property, options);
  });
});

describe("an access token", () => {
  it(
    "is accepted in no other form, and no other is accepted, expired or not",
    { timeout: MOST_MS },
    async () => {
      const keys = await parseSigningKeys({ keys: [await createSigningKey()] });
      if ("wants" in keys) throw new Error(keys.wants);
      const issuer = "https://auth.test";
      const access = createAccessTokens({ keys, issuer, audienceOf: () => "app" });
      const now = 1_790_000_000_000;
      const sign = (phone: string) =>
        access.sign(
          { subject: "user", role: "customer", phone, sid: "sid", authTime: 1_789_999_000, extra: {} },
          { audience: "app", lifetimeSeconds: 900, now },
        );
      const tokens = [await sign("+919876543210"), await sign("+919876543211")];
      const property = fc.asyncProperty(forgeriesOf(atLeastOne(tokens)), async (text) => {
        expect(await access.verify(text, now)).toBeNull();
        expect(await access.verifyExpired(text, now)).toBeNull();
      });
      await fc.assert(property, options);
    },
  );
});

describe("a sealed value", () => {
  it("opens from no other text", { timeout: MOST_MS }, async () => {
    const seal = await createSeal(bytesOf("the secret of the ids, 32 bytes at least"), random);
    const sealed = [await seal.seal("here", { phone: "+919876543210" }), await seal.seal("there", { a: 1 })];
    // The store is not hostile as callers are: the same bytes may be spelt otherwise.
    const isSameBytes = (text: string) =>
      sealed.some((one) => Buffer.from(one, "base64url").equals(Buffer.from(parseBase64url(text) ?? [])));
    const forgery = forgeriesOf(atLeastOne(sealed)).filter((text) => !isSameBytes(text));
    const property = fc.asyncProperty(forgery, async (text) => {
      expect(await seal.open("here", text)).toBeNull();
    });
    await fc.assert(property, options);
  });
});

function atLeastOne(all: readonly string[]): readonly [string, ...string[]] {
  const [first = neverDrawn(), ...rest] = all;
  return [first, ...rest];
}

function neverDrawn(): never {
  throw new Error("fast-check drew fewer than it was asked for");
}
