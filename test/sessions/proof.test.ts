import { describe, expect, it } from "vitest";
import type { SessionId } from "../../src/ids.ts";
import { createSigningKey } from "../../src/local/signing-key.ts";
import { deriveMac } from "../../src/mac.ts";
import { createIdentity } from "../../src/identity.ts";
import { isProof } from "../../src/sessions/proof.ts";
import { createAccessTokens } from "../../src/tokens/access.ts";
import { createRefreshToken } from "../../src/tokens/refresh.ts";
import { bytesOf } from "../harness/random.ts";
import { claims, readSigningKeys } from "../harness/tokens.ts";

const now = Date.UTC(2026, 10, 23, 12);
const issuer = "https://auth.example.com";
const ours = await createSigningKey();
const theirs = await createSigningKey();
const identity = await createIdentity(bytesOf("id secret of the tests, 32 bytes long"));
const refreshMac = await deriveMac(bytesOf("id secret of the tests, 32 bytes long"), "refresh");
const owner = claims.phone;
const other = "+919876543211";

async function tokensOf(key: object, at = issuer) {
  const keys = await readSigningKeys({ keys: [key] });
  // The driver's role is gone from the configuration.
  const audienceOf = (role: string) => (role === "driver" ? null : role);
  return createAccessTokens({ keys, issuer: at, audienceOf });
}

const accessTokens = await tokensOf(ours);

async function access({ phone = owner, role = "customer", signedAt = now, by = accessTokens } = {}) {
  return by.sign({ ...claims, phone, role }, { audience: role, lifetimeSeconds: 900, now: signedAt });
}

async function refresh({ phone = owner, role = "customer", mac = refreshMac } = {}) {
  const subject = await identity.subject(role, phone);
  const sid = "c2Vzc2lvbi1pZC0x" as SessionId;
  return createRefreshToken(mac, { sid, subject, createdAt: now - 1e11, generation: 3, role });
}

const isOwners = (proof: Given) =>
  isProof({ accessToken: null, refreshToken: null, ...proof }, owner, {
    identity,
    accessTokens,
    refreshMac,
    now: () => now,
  });

interface Given {
  readonly accessToken?: string;
  readonly refreshToken?: string;
}

const good = await refresh();
const goodAccess = await access();
const strangerMac = await deriveMac(bytesOf("a stranger's secret, 32 bytes and more"), "refresh");

const proofs: [string, Given][] = [
  ["an access token of it", { accessToken: await access() }],
  ["one of it in another role", { accessToken: await access({ role: "transporter" }) }],
  ["one that has expired a year ago", { accessToken: await access({ signedAt: now - 3.2e10 }) }],
  ["a refresh token of it, whatever has become of its session", { refreshToken: await refresh() }],
  ["one of it in a role that is gone", { refreshToken: await refresh({ role: "driver" }) }],
  ["a good one beside one that is none", { accessToken: "x", refreshToken: await refresh() }],
  [
    "a good one beside another's",
    { accessToken: await access(), refreshToken: await refresh({ phone: other }) },
  ],
];

const others: [string, Given][] = [
  ["nothing", {}],
  ["an access token of another number", { accessToken: await access({ phone: other }) }],
  ["one that another service has signed", { accessToken: await access({ by: await tokensOf(theirs) }) }],
  [
    "one of another issuer with the same key",
    { accessToken: await access({ by: await tokensOf(ours, "https://else.example.com") }) },
  ],
  ["one that is not valid yet", { accessToken: await access({ signedAt: now + 60_000 }) }],
  ["one with another's claims", { accessToken: goodAccess.replace(/\.[^.]+\./, `.${btoa("{}")}.`) }],
  ["a refresh token of another number", { refreshToken: await refresh({ phone: other }) }],
  ["one that is forged", { refreshToken: await refresh({ mac: strangerMac }) }],
  ["one that is cut off", { refreshToken: good.slice(0, -1) }],
  ["one that has grown", { refreshToken: `${good}A` }],
  ["a refresh token where the access token belongs", { accessToken: good }],
  ["an access token where the refresh token belongs", { refreshToken: goodAccess }],
  ["text", { accessToken: "Bearer", refreshToken: "💥" }],
];

describe("proof of an earlier sign-in with a number", () => {
  it.each(proofs)("is %s", async (_, proof) => {
    expect(await isOwners(proof)).toBe(true);
  });

  it.each(others)("is not %s", async (_, proof) => {
    expect(await isOwners(proof)).toBe(false);
  });
});
