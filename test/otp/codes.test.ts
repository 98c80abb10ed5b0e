import { parseNonce } from "../../src/ids.ts";
import { describe, expect, it } from "vitest";
import { createChallengeId, parseChallengeId } from "../../src/otp/challenge.ts";
import { createCodeSecrets, createNonce, secretOf } from "../../src/otp/codes.ts";
import { createIdentity } from "../../src/identity.ts";
import { bytesOf, sequence } from "../harness/random.ts";

const identity = await createIdentity(bytesOf("id secret of the tests, 32 bytes long"));
const subject = await identity.subject("customer", "+919876543210");
const other = await identity.subject("driver", "+919876543210");
const secrets = await createCodeSecrets(bytesOf("otp secret of today, 32 bytes long"), null);

describe("a code", () => {
  it("is the same digits for the same nonce, and has the length that was asked for", async () => {
    const nonce = createNonce(secrets.current, sequence(1));
    const code = await secrets.current.code({ subject, nonce, length: 6 });
    expect(code).toMatch(/^\d{6}$/);
    expect(await secrets.current.code({ subject, nonce, length: 6 })).toBe(code);
    expect(await secrets.current.code({ subject, nonce, length: 10 })).toMatch(/^\d{10}$/);
  });

  it("differs between roles of one number, and between nonces", async () => {
    const nonce = createNonce(secrets.current, sequence(1));
    const codes = await Promise.all([
      secrets.current.code({ subject, nonce, length: 10 }),
      secrets.current.code({ subject: other, nonce, length: 10 }),
      secrets.current.code({ subject, nonce: createNonce(secrets.current, sequence(2)), length: 10 }),
    ]);
    expect(new Set(codes).size).toBe(3);
  });

  it("draws every digit in every place alike", async () => {
    const counts = Array.from({ length: 4 }, () => Array<number>(10).fill(0));
    const drawn = 4000;
    for (let index = 0; index < drawn; index += 1) {
      const nonce = createNonce(secrets.current, sequence(index));
      const code = await secrets.current.code({ subject, nonce, length: 4 });
      for (const [place, digit] of [...code].entries()) {
        const row = counts[place];
        if (row) row[Number(digit)] = (row[Number(digit)] ?? 0) + 1;
      }
    }
    // Chi-squared with 9 degrees of freedom passes 33.7 once in 10,000 tries; the nonces are fixed, so it passes or not.
    for (const row of counts) {
      const expected = drawn / 10;
      expect(row.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(33.7);
    }
  });

  it("belongs to the secret that began it, through a rotation and not after the next", async () => {
    const nonce = createNonce(secrets.current, sequence(1));
    const rotated = await createCodeSecrets(
      bytesOf("otp secret of tomorrow, 32 bytes long"),
      bytesOf("otp secret of today, 32 bytes long"),
    );
    const again = await createCodeSecrets(
      bytesOf("otp secret of the day after, 32 bytes"),
      bytesOf("otp secret of tomorrow, 32 bytes long"),
    );
    const code = await secrets.current.code({ subject, nonce, length: 6 });
    expect(await secretOf(rotated, nonce)?.code({ subject, nonce, length: 6 })).toBe(code);
    expect(secretOf(again, nonce)).toBeNull();
  });
});

describe("a challenge id", () => {
  const nonce = createNonce(secrets.current, sequence(7));
  const issuedAt = 1_790_000_000_123;

  it("gives back what it was made of, to the same subject", async () => {
    const holder = await identity.requester(subject, await identity.sendId(subject, "key"));
    const id = await createChallengeId(secrets, subject, { nonce, issuedAt, holder });
    expect(id).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(await parseChallengeId(secrets, subject, id)).toEqual({ nonce, issuedAt, holder });
  });

  it("is nothing to another subject", async () => {
    const holder = await identity.requester(subject, await identity.sendId(subject, "key"));
    const id = await createChallengeId(secrets, subject, { nonce, issuedAt, holder });
    expect(await parseChallengeId(secrets, other, id)).toBeNull();
  });

  it("is nothing with any one character changed, cut off or added", async () => {
    const holder = await identity.requester(subject, await identity.sendId(subject, "key"));
    const id = await createChallengeId(secrets, subject, { nonce, issuedAt, holder });
    for (let index = 0; index < id.length; index += 1) {
      const changed = id.slice(0, index) + (id[index] === "A" ? "B" : "A") + id.slice(index + 1);
      expect(await parseChallengeId(secrets, subject, changed)).toBeNull();
    }
    for (const text of [
      "",
      id.slice(1),
      `${id}A`,
      ` ${id.slice(1)}`,
      `${id.slice(0, 63)}=`,
      "\ud800".repeat(64),
    ]) {
      expect(await parseChallengeId(secrets, subject, text)).toBeNull();
    }
  });

  it("outlives one change of the secret", async () => {
    const holder = await identity.requester(subject, await identity.sendId(subject, "key"));
    const id = await createChallengeId(secrets, subject, { nonce, issuedAt, holder });
    const rotated = await createCodeSecrets(
      bytesOf("otp secret of tomorrow, 32 bytes long"),
      bytesOf("otp secret of today, 32 bytes long"),
    );
    const without = await createCodeSecrets(bytesOf("otp secret of tomorrow, 32 bytes long"), null);
    expect(await parseChallengeId(rotated, subject, id)).not.toBeNull();
    expect(await parseChallengeId(without, subject, id)).toBeNull();
  });
});

describe("a subject", () => {
  it("is the same through a change of OTP_SECRET, and another for each role", async () => {
    const same = await createIdentity(bytesOf("id secret of the tests, 32 bytes long"));
    expect(await same.subject("customer", "+919876543210")).toBe(subject);
    expect(other).not.toBe(subject);
  });

  it("cannot be confused by where role and number meet", async () => {
    expect(await identity.subject("a", "b+1")).not.toBe(await identity.subject("ab", "+1"));
  });

  it("names a user without naming itself", async () => {
    const id = await identity.userId(subject);
    expect(id).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(id).not.toBe(subject);
    expect(await identity.userId(subject)).toBe(id);
  });
});

describe("an idempotency key", () => {
  it("names an attempt only together with holder and guess", async () => {
    const holder = await identity.requester(subject, await identity.sendId(subject, "key"));
    const stranger = await identity.requester(subject, await identity.sendId(subject, "another"));
    const ids = await Promise.all([
      identity.attemptId({ subject, holder, guess: "123456", idempotencyKey: "k" }),
      identity.attemptId({ subject, holder, guess: "123457", idempotencyKey: "k" }),
      identity.attemptId({ subject, holder: stranger, guess: "123456", idempotencyKey: "k" }),
      identity.attemptId({ subject, holder, guess: "123456", idempotencyKey: "l" }),
    ]);
    expect(new Set(ids).size).toBe(4);
  });
});

describe("a nonce", () => {
  it("is read back from its text alone when it has the right length", () => {
    const nonce = createNonce(secrets.current, sequence(3));
    expect(parseNonce(nonce)).toBe(nonce);
    for (const text of ["", nonce.slice(1), `${nonce}A`, `${nonce.slice(1)}.`])
      expect(parseNonce(text)).toBeNull();
  });
});
