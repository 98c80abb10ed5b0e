import { randomUUID } from "node:crypto";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import * as z from "zod/mini";
import { ask, type Heard } from "../doctor/ask.ts";
import type { Check } from "../doctor/examine.ts";
import type { Finding, Says } from "../doctor/finding.ts";
import { fixOf, sentenceOf } from "../doctor/network-fault.ts";
import { parseJson } from "../parse-json.ts";
import type { SmokeTest, TestNumber } from "./smoke-test.ts";

const sent = z.object({ data: z.object({ challengeId: z.string() }) });
const verified = z.object({
  data: z.object({ verified: z.literal(true), tokens: z.object({ accessToken: z.string() }) }),
});
const refused = z.object({ error: z.object({ code: z.string() }) });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.literal("EC") })) });

const LOGS = "`npx wrangler tail` and look for the reason in the log line of the request.";

/** A person's whole way with a test number, which gets no SMS: code, tokens, a look at oneself, and out again. */
export function signInChecks(smoke: SmokeTest, number: TestNumber): readonly Check[] {
  const found = { challengeId: "", accessToken: "" };
  const { phone, code: otp, role } = number;
  const post = (path: string, body: unknown) => request(smoke, path, { body });
  return [
    {
      id: "smoke.send",
      needs: ["smoke.ready"],
      async run(says) {
        const heard = await post("/api/v1/auth/send-otp", { phone, role });
        const parsed = sent.safeParse(bodyOf(heard));
        if (!parsed.success) return sayRefused(says, heard, smoke);
        found.challengeId = parsed.data.data.challengeId;
        return says.ok(`The test number of ${role} was sent its code, without an SMS.`);
      },
    },
    {
      id: "smoke.verify",
      needs: ["smoke.send"],
      async run(says) {
        const { challengeId } = found;
        const heard = await post("/api/v1/auth/verify-otp", { phone, role, otp, challengeId });
        const parsed = verified.safeParse(bodyOf(heard));
        if (!parsed.success) return sayRefused(says, heard, smoke);
        found.accessToken = parsed.data.data.tokens.accessToken;
        return says.ok("Its code is taken, and tokens come.");
      },
    },
    {
      id: "smoke.token",
      needs: ["smoke.verify"],
      run: (says) => checkToken(says, smoke, { number, ...found }),
    },
    {
      id: "smoke.me",
      needs: ["smoke.verify"],
      async run(says) {
        const heard = await request(smoke, "/api/v1/auth/me", { accessToken: found.accessToken });
        return statusOf(heard) === 200
          ? says.ok("The service knows the person by the token.")
          : sayRefused(says, heard, smoke);
      },
    },
    {
      id: "smoke.logout",
      needs: ["smoke.verify"],
      async run(says) {
        const { accessToken } = found;
        const heard = await request(smoke, "/api/v1/auth/logout", { accessToken, method: "POST" });
        return statusOf(heard) === 200
          ? says.ok("The session is ended, and nothing is left.")
          : sayRefused(says, heard, smoke);
      },
    },
  ];
}

/** As a backend does it: by the published keys, the issuer and the audience. */
async function checkToken(
  says: Says,
  smoke: SmokeTest,
  { number: { audience }, accessToken }: { readonly number: TestNumber; readonly accessToken: string },
): Promise<Finding> {
  const heard = await request(smoke, "/.well-known/jwks.json", {});
  const parsed = keySet.safeParse(bodyOf(heard));
  if (!parsed.success) return sayRefused(says, heard, smoke);
  try {
    const issuer = smoke.issuer ?? decodeJwt(accessToken).iss ?? "";
    const keys = createLocalJWKSet({ keys: parsed.data.keys });
    await jwtVerify(accessToken, keys, { issuer, audience, typ: "at+jwt", algorithms: ["ES256"] });
    return says.ok("A backend would take the access token.");
  } catch {
    return says.fail(
      "A backend would refuse the access token: its signature, its issuer or its audience is not right.",
      "Compare ISSUER with the address of the service, SIGNING_KEYS with what it publishes, and the role's audience.",
    );
  }
}

function request(
  { url, trust, timeoutMs }: SmokeTest,
  path: string,
  { body, accessToken, method }: { body?: unknown; accessToken?: string; method?: string },
): Promise<Heard> {
  return ask(`${url}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json", "idempotency-key": randomUUID() }),
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    body: body === undefined ? "" : JSON.stringify(body),
    trust,
    timeoutMs,
  });
}

const statusOf = (heard: Heard): number | null => (heard.ok ? heard.status : null);

function bodyOf(heard: Heard): unknown {
  if (!heard.ok || heard.status !== 200) return null;
  return parseJson(heard.body);
}

function sayRefused(says: Says, heard: Heard, { url }: SmokeTest): Finding {
  if (!heard.ok) return says.fail(sentenceOf(heard.fault, new URL(url).host), fixOf(heard.fault));
  const parsed = refused.safeParse(parseJson(heard.body));
  const code = parsed.success && /^[A-Z_]{1,40}$/.test(parsed.data.error.code) ? parsed.data.error.code : "";
  if (heard.status === 429) {
    return says.skipped(
      `The service answers 429 (${code}): the test number has been used too often.`,
      "That is a limit at work, and no fault. Try again after it, or name a second test number.",
    );
  }
  return says.fail(`The service answers ${heard.status} (${code || "no code"}).`, LOGS);
}
