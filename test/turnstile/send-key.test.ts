import { describe, expect, it } from "vitest";
import { deriveMac } from "../../src/mac.ts";
import type { TurnstileSend } from "../../src/turnstile/send-key.ts";
import { sendKey } from "../../src/turnstile/send-key.ts";

const secret = crypto.getRandomValues(new Uint8Array(32));
const mac = await deriveMac(secret, "turnstile");
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const send: TurnstileSend = { token: "token", role: "web", e164: "+919876543210", idempotencyKey: "k" };
const keyOf = (changed: Partial<TurnstileSend> = {}) => sendKey(mac, { ...send, ...changed }, random);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("the key that a token is spent under", () => {
  it("is a UUID, the same for a repeat under the same Idempotency-Key", async () => {
    const key = await keyOf();
    expect(key).toMatch(UUID);
    expect(await keyOf()).toBe(key);
  });

  it.each([{ token: "token2" }, { role: "app" }, { e164: "+919876543211" }, { idempotencyKey: "l" }])(
    "is another with %j",
    async (changed) => {
      expect(await keyOf(changed)).not.toBe(await keyOf());
    },
  );

  it("does not let one part run into the next", async () => {
    expect(await keyOf({ token: "tokenw", role: "eb" })).not.toBe(await keyOf());
  });

  it("is another each time without an Idempotency-Key", async () => {
    const keys = await Promise.all([1, 2, 3].map(() => keyOf({ idempotencyKey: null })));
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(key).toMatch(UUID);
  });

  it("is known to nobody without the secret", async () => {
    const other = await deriveMac(crypto.getRandomValues(new Uint8Array(32)), "turnstile");
    expect(await sendKey(other, send, random)).not.toBe(await keyOf());
  });
});
