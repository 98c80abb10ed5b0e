import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, it } from "vitest";
import { createSigningKey, formatKeySet, rotateSigningKeys } from "../../src/local/signing-key.ts";
import type { SigningKeys } from "../../src/tokens/keys.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";

const first = await createSigningKey();
const second = await createSigningKey();
const { d: _, ...publicOnly } = first;
const { kid: __, ...unnamed } = first;

const jwkOf = ({ privateKey }: KeyPairKeyObjectResult): object => privateKey.export({ format: "jwk" });

async function parse(value: unknown): Promise<SigningKeys> {
  const keys = await parseSigningKeys(value);
  if ("wants" in keys) throw new Error(keys.wants);
  return keys;
}

const ES256 = { name: "ECDSA", hash: "SHA-256" };

describe("signing keys", () => {
  it.each([
    ["text", formatKeySet([first, second])],
    ["an object", { keys: [first, second] }],
  ])("are read from %s: the first signs, all verify", async (_name, value) => {
    const keys = await parse(value);
    expect(keys.signing.kid).toBe(first.kid);
    expect([...keys.verification.keys()]).toEqual([first.kid, second.kid]);
    const message = Buffer.from("message");
    const signature = await crypto.subtle.sign(ES256, keys.signing.key, message);
    const verified = await Promise.all(
      [...keys.verification.values()].map((key) => crypto.subtle.verify(ES256, key, signature, message)),
    );
    expect(verified).toEqual([true, false]);
  });

  it("cannot be taken out again", async () => {
    const { signing } = await parse({ keys: [first] });
    await expect(crypto.subtle.exportKey("jwk", signing.key)).rejects.toMatchObject({
      name: "InvalidAccessError",
    });
    expect(signing.key.usages).toEqual(["sign"]);
  });

  it("are published without a private member, and without any that is not known", async () => {
    const strange = { ...second, p: "secret", oth: [], x5c: ["secret"], ext: true, key_ops: ["sign"] };
    const { jwks } = await parse({ keys: [first, strange] });
    const published = ({ kid, x, y }: typeof first) => ({
      kty: "EC",
      crv: "P-256",
      x,
      y,
      kid,
      alg: "ES256",
      use: "sig",
    });
    expect(jwks).toEqual({ keys: [published(first), published(second)] });
  });

  it("are named by their thumbprint where they have no name (RFC 7638)", async () => {
    const keys = await parse({ keys: [unnamed] });
    expect(keys.signing.kid).toBe(await calculateJwkThumbprint(publicOnly));
    expect(keys.jwks.keys[0]?.kid).toBe(keys.signing.kid);
  });

  it("may have key_ops with sign, and no alg and use", async () => {
    const { alg: ___, use: ____, ...bare } = { ...first, key_ops: ["verify", "sign"] };
    expect((await parse({ keys: [bare] })).jwks.keys[0]).toMatchObject({ alg: "ES256", use: "sig" });
  });

  const set = /wants a JWK set/;
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, set],
    ["null", null, set],
    ["a number", 7, set],
    ["an empty text", "", set],
    ["no JSON", "{hoax", set],
    ["a JSON text", '"hoax"', set],
    ["a list", [first], set],
    ["a key without a set", first, set],
    ["an empty set", { keys: [] }, set],
    ["keys that are no list", { keys: first }, set],
    ["a key that is null", { keys: [null] }, /keys\.0 wants a JWK/],
    ["a key that is a text", { keys: ["hoax"] }, /keys\.0 wants a JWK/],
    ["an empty key", { keys: [{}] }, /keys\.0 wants kty/],
    [
      "an RSA key",
      { keys: [jwkOf(generateKeyPairSync("rsa", { modulusLength: 2048 }))] },
      /keys\.0 wants kty/,
    ],
    [
      "a weak RSA key",
      { keys: [jwkOf(generateKeyPairSync("rsa", { modulusLength: 1024 }))] },
      /keys\.0 wants kty/,
    ],
    ["a symmetric key", { keys: [{ kty: "oct", k: "hoax".repeat(11), alg: "HS256" }] }, /keys\.0 wants kty/],
    ["an Ed25519 key", { keys: [jwkOf(generateKeyPairSync("ed25519"))] }, /keys\.0 wants kty/],
    [
      "a P-384 key",
      { keys: [jwkOf(generateKeyPairSync("ec", { namedCurve: "P-384" }))] },
      /keys\.0 wants crv/,
    ],
    [
      "a secp256k1 key",
      { keys: [jwkOf(generateKeyPairSync("ec", { namedCurve: "secp256k1" }))] },
      /keys\.0 wants crv/,
    ],
    ["a public key", { keys: [publicOnly] }, /keys\.0 wants the private member d/],
    ["a public key behind a good one", { keys: [second, publicOnly] }, /keys\.1 wants the private member d/],
    ["an alg of another kind", { keys: [{ ...first, alg: "ES384" }] }, /keys\.0 wants alg/],
    ["an alg of null", { keys: [{ ...first, alg: null }] }, /keys\.0 wants alg/],
    ["a key for encryption", { keys: [{ ...first, use: "enc" }] }, /keys\.0 wants use/],
    ["key_ops without sign", { keys: [{ ...first, key_ops: ["verify"] }] }, /keys\.0 wants key_ops/],
    ["key_ops that are no list", { keys: [{ ...first, key_ops: "sign" }] }, /keys\.0 wants key_ops/],
    ["a kid that is no text", { keys: [{ ...first, kid: 7 }] }, /keys\.0 wants a kid/],
    ["an empty kid", { keys: [{ ...first, kid: "" }] }, /keys\.0 wants a kid/],
    ["two keys of one name", { keys: [first, { ...second, kid: first.kid }] }, /keys\.1 wants a kid that no/],
    ["the same key twice, unnamed", { keys: [unnamed, unnamed] }, /keys\.1 wants a kid that no/],
    ["a short x", { keys: [{ ...first, x: first.x.slice(1) }] }, /keys\.0 wants x/],
    ["a y that is not base64url", { keys: [{ ...first, y: `+${first.y.slice(1)}` }] }, /keys\.0 wants y/],
    ["a d of another key", { keys: [{ ...first, d: second.d }] }, /keys\.0 wants x and y of a point/],
    [
      "x and y exchanged",
      { keys: [{ ...first, x: first.y, y: first.x }] },
      /keys\.0 wants x and y of a point/,
    ],
    ["a d of zero", { keys: [{ ...first, d: "A".repeat(43) }] }, /keys\.0 wants x and y of a point/],
    ["a d beyond the order", { keys: [{ ...first, d: `${"_".repeat(42)}8` }] }, /keys\.0 wants x and y/],
    [
      "the point at nowhere",
      { keys: [{ ...first, x: "A".repeat(43), y: "A".repeat(43) }] },
      /keys\.0 wants x/,
    ],
  ])("are not %s, and the refusal quotes none of it", async (_name, value, wants) => {
    const refused = await parseSigningKeys(value);
    expect(refused).toEqual({ wants: expect.stringMatching(wants) as string });
    const { wants: sentence } = refused as { wants: string };
    for (const secret of ["hoax", first.d, first.x, first.y, first.kid, second.d])
      expect(sentence).not.toContain(secret);
  });
});

describe("a rotation", () => {
  it("publishes the new key, then signs with it, then lets the old ones go", async () => {
    const rotation = await rotateSigningKeys(formatKeySet([first, second]));
    if (rotation === null) throw new Error("no rotation");
    const kids = async (text: string) => [...(await parse(text)).verification.keys()];
    const fresh = (await parse(rotation.alone)).signing.kid;
    expect(await kids(rotation.published)).toEqual([first.kid, second.kid, fresh]);
    expect(await kids(rotation.signing)).toEqual([fresh, first.kid, second.kid]);
    expect(await kids(rotation.alone)).toEqual([fresh]);
    expect([first.kid, second.kid]).not.toContain(fresh);
  });

  it.each(["", "{}", formatKeySet([]), formatKeySet([publicOnly])])(
    "does not begin with %s",
    async (text) => {
      expect(await rotateSigningKeys(text)).toBeNull();
    },
  );
});
