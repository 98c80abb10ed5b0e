import * as z from "zod/mini";
import { ask } from "../doctor/ask.ts";
import type { Check } from "../doctor/examine.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding, Says } from "../doctor/finding.ts";
import { fixOf, sentenceOf } from "../doctor/network-fault.ts";
import { parseJson } from "../parse-json.ts";
import { signInChecks } from "./sign-in-check.ts";

export interface SmokeTest {
  /** Without a slash at the end. */
  readonly url: string;
  /** Null where it is a secret that is not known here. */
  readonly issuer: string | null;
  readonly testNumber: TestNumber | null;
  readonly trust: string | null;
  /** For one request. */
  readonly timeoutMs: number;
  /** How often the first request is tried: a new address takes a while to reach every location. */
  readonly tries: number;
  readonly wait: () => Promise<void>;
}

export interface TestNumber {
  readonly role: string;
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  /** `aud` of its access tokens. */
  readonly audience: string;
}

const appsWithNumbers = z.record(
  z.string(),
  z.object({
    testNumbers: z.optional(z.record(z.string(), z.string())),
    turnstile: z.optional(z.unknown()),
    audience: z.optional(z.string()),
  }),
);

/** The first test number of `APPS` in a role without Turnstile, which no program passes; or null. */
export function firstTestNumber(apps: unknown): TestNumber | null {
  const parsed = appsWithNumbers.safeParse(typeof apps === "string" ? parseJson(apps) : apps);
  for (const [role, app] of Object.entries(parsed.success ? parsed.data : {})) {
    const { testNumbers = {}, turnstile, audience = role } = app;
    const [first] = Object.entries(testNumbers);
    if (first !== undefined && turnstile === undefined)
      return { role, phone: first[0], code: first[1], audience };
  }
  return null;
}

/** Whether what was deployed works: for a look, to the store, and for one person. */
export function runSmokeTest(smoke: SmokeTest): AsyncGenerator<Finding, void> {
  const { testNumber } = smoke;
  return examine([
    { id: "smoke.health", run: (says) => checkHealth(says, smoke) },
    { id: "smoke.ready", needs: ["smoke.health"], run: (says) => expectOk(says, smoke, READY) },
    { id: "smoke.jwks", needs: ["smoke.health"], run: (says) => expectOk(says, smoke, JWKS) },
    { id: "smoke.issuer", run: (says) => checkIssuer(says, smoke) },
    ...(testNumber === null ? [noSignIn] : signInChecks(smoke, testNumber)),
  ]);
}

const READY = {
  path: "/ready",
  sentence: "The service reaches its store.",
  schema: z.object({ data: z.object({ store: z.object({ latencyMs: z.number() }) }) }),
};

const JWKS = {
  path: "/.well-known/jwks.json",
  sentence: "The service publishes its keys.",
  schema: z.object({ keys: z.array(z.object({ kid: z.string() })).check(z.minLength(1)) }),
};

const noSignIn: Check = {
  id: "smoke.sign-in",
  run: (says) =>
    says.skipped(
      "No role of this environment has test numbers and no Turnstile, so nobody has signed in.",
      "Name one under APPS.<role>.testNumbers: a number that nobody has, and its code.",
    ),
};

async function checkHealth(says: Says, smoke: SmokeTest): Promise<Finding> {
  const health = { path: "/health", sentence: "The service is configured and runs.", schema: z.unknown() };
  for (let left = smoke.tries; left > 1; left -= 1) {
    const finding = await expectOk(says, smoke, health);
    if (finding.status === "ok") return finding;
    await smoke.wait();
  }
  return expectOk(says, smoke, health);
}

async function expectOk(
  says: Says,
  { url, trust, timeoutMs }: SmokeTest,
  { path, sentence, schema }: { path: string; sentence: string; schema: z.ZodMiniType },
): Promise<Finding> {
  const heard = await ask(`${url}${path}`, { trust, timeoutMs });
  if (!heard.ok) return says.fail(sentenceOf(heard.fault, new URL(url).host), fixOf(heard.fault));
  if (heard.status === 200 && schema.safeParse(parseJson(heard.body)).success) return says.ok(sentence);
  const why = heard.body.includes("MISCONFIGURED") ? " (MISCONFIGURED)" : "";
  return says.fail(
    `GET ${path} is answered with ${heard.status}${why}.`,
    "`npx wrangler tail` shows the log line of each request, and which bindings are wrong.",
  );
}

function checkIssuer(says: Says, { url, issuer }: SmokeTest): Finding {
  if (issuer === null)
    return says.skipped("ISSUER is not given here, so it was not compared.", "Give it by --vars-file.");
  if (issuer.replace(/\/+$/, "") === url) return says.ok("ISSUER is the address of the service.");
  return says.warn(
    `ISSUER is ${issuer}, and what was tested is ${url}.`,
    "Fine where both lead to this Worker; backends look for the keys under ISSUER.",
  );
}
