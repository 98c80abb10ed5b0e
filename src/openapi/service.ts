import * as z from "zod/mini";
import { nameAnswer } from "./named.ts";
import type { Operation } from "./operation.ts";

const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

const jwk = nameAnswer(
  "Jwk",
  z.object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: base64url,
    y: base64url,
    kid: z.string(),
    alg: z.literal("ES256"),
    use: z.literal("sig"),
  }),
  {
    kty: "",
    crv: "",
    x: "",
    y: "",
    kid: "",
    alg: "",
    use: "",
  },
);

const jwkSet = nameAnswer("JwkSet", z.object({ keys: z.array(jwk) }), {
  keys: "The first signs.",
});

export const jwks: Operation<"GET /.well-known/jwks.json"> = {
  id: "jwks",
  tag: "Service",
  summary: "The public keys",
  description: "A bare JWK set (RFC 7517 section 5).",
  success: "The keys.",
  headers: ["ETag"],
  isRevalidated: true,
  answer: {
    json: jwkSet,
    examples: {
      one: {
        summary: "One key",
        value: {
          keys: [
            {
              kty: "EC",
              crv: "P-256",
              x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
              y: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
              kid: "2026-11",
              alg: "ES256",
              use: "sig",
            },
          ],
        },
      },
    },
  },
  failures: {},
};

export const health: Operation<"GET /health"> = {
  id: "health",
  tag: "Service",
  summary: "Is it configured and running",
  description: "Asks nobody.",
  success: "It is.",
  answer: {
    data: nameAnswer("HealthAnswer", z.object({ status: z.literal("ok") }), { status: "" }),
    examples: { ok: { summary: "It runs", value: { status: "ok" } } },
  },
  failures: {},
};

const latency = nameAnswer("StoreLatency", z.object({ latencyMs: z.number() }), {
  latencyMs: "",
});

const circuits = nameAnswer(
  "SmsCircuits",
  z.object({ regions: z.record(z.string(), z.enum(["closed", "half_open", "open"])) }),
  { regions: "`open`: it has failed, and is passed over for a while." },
);

export const ready: Operation<"GET /ready"> = {
  id: "ready",
  tag: "Service",
  summary: "Does the store take a write",
  success: "It does.",
  answer: {
    data: nameAnswer("ReadyAnswer", z.object({ status: z.literal("ready"), store: latency, sms: circuits }), {
      status: "",
      store: "",
      sms: "As this isolate has seen it.",
    }),
    examples: {
      ready: {
        summary: "It does",
        value: {
          status: "ready",
          store: { latencyMs: 12 },
          sms: { regions: { "ap-south-1": "closed", "ap-south-2": "open" } },
        },
      },
    },
  },
  failures: { SERVICE_UNAVAILABLE: true },
};
