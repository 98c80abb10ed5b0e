import * as z from "zod/mini";
import { parseJson } from "../../parse-json.ts";
import { ask } from "../ask.ts";
import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import { fixOf, sentenceOf } from "../network-fault.ts";
import type { Judged, Patient } from "../patient.ts";
import { soundText } from "../patient.ts";

/** The first one finds the Worker without a connection. */
const TRIES = 3;

const readyAnswer = z.object({ data: z.object({ store: z.object({ latencyMs: z.number() }) }) });
const keySet = z.object({ keys: z.array(z.object({ kid: z.string() })) });

/** The running service itself, where its address is known. */
export function serviceChecks(patient: Patient, judged: Judged): readonly Check[] {
  const { url } = patient;
  if (url === null) return [{ id: "service", run: notAsked }];
  const needs = ["service.health"];
  return [
    { id: "service.health", run: (says) => checkHealth(says, url, patient) },
    { id: "service.ready", needs, run: (says) => checkReady(says, url, patient) },
    { id: "service.issuer", run: (says) => checkIssuer(says, url, { patient, judged }) },
    { id: "service.jwks", needs, run: (says) => checkKeys(says, url, { patient, judged }) },
  ];
}

const notAsked: Check["run"] = (says) =>
  says.skipped("No --url is given, so the running service was not asked.", "Add --url https://….");

async function checkHealth(says: Says, url: string, patient: Patient): Promise<Finding> {
  const heard = await ask(`${url}/health`, within(patient));
  const { host } = new URL(url);
  if (!heard.ok) return says.fail(sentenceOf(heard.fault, host), fixOf(heard.fault));
  if (heard.status === 200) return says.ok(`The service at ${host} is configured and runs.`);
  if (heard.status === 503 && heard.body.includes("MISCONFIGURED")) {
    return says.fail(
      `The service at ${host} is misconfigured and serves nothing.`,
      "`npx wrangler tail` and one more request: the log line names the bindings.",
    );
  }
  return says.fail(
    `${host} answers GET /health with ${heard.status}, and not as this service does.`,
    "Look at the address, and at the routes of the Worker.",
  );
}

async function checkReady(says: Says, url: string, patient: Patient): Promise<Finding> {
  const times: number[] = [];
  for (let index = 0; index < TRIES; index += 1) {
    const heard = await ask(`${url}/ready`, within(patient));
    if (!heard.ok) return says.fail(sentenceOf(heard.fault, new URL(url).host), fixOf(heard.fault));
    const parsed = readyAnswer.safeParse(parseJson(heard.body));
    if (heard.status !== 200 || !parsed.success) {
      return says.fail(
        `The service cannot write to its store (GET /ready is ${heard.status}).`,
        "Look at the checks of the store above, and at `npx wrangler tail`.",
      );
    }
    times.push(parsed.data.data.store.latencyMs);
  }
  const best = Math.round(Math.min(...times));
  const sentence = `The Worker's own round trip to the store takes ${best} ms, the best of ${TRIES}.`;
  if (best <= patient.slowMs) return says.ok(sentence);
  return says.warn(sentence, "Put [placement] beside the store (Placement in src/local/deploy/README.md).");
}

interface Held {
  readonly patient: Patient;
  readonly judged: Judged;
}

function checkIssuer(says: Says, url: string, { patient, judged }: Held): Finding {
  const issuer = soundText(patient, judged, "ISSUER")?.replace(/\/+$/, "") ?? null;
  if (issuer === null) return says.skipped("ISSUER is not given here.", "See bindings.ISSUER.");
  if (issuer === url) return says.ok("ISSUER is the address of the service.");
  if (patient.isLocal) return says.ok(`Locally ISSUER is ${issuer}, as it would be in production.`);
  return says.fail(
    `ISSUER is ${issuer}, and the service is at ${url}.`,
    "Make them one: backends look for the keys under the issuer, and compare it to the letter.",
  );
}

async function checkKeys(says: Says, url: string, { patient, judged }: Held): Promise<Finding> {
  const heard = await ask(`${url}/.well-known/jwks.json`, within(patient));
  if (!heard.ok) return says.fail(sentenceOf(heard.fault, new URL(url).host), fixOf(heard.fault));
  const parsed = keySet.safeParse(parseJson(heard.body));
  if (heard.status !== 200 || !parsed.success)
    return says.fail("The service publishes no key set.", "Look at /.well-known/jwks.json by hand.");
  const published = parsed.data.keys.map(({ kid }) => kid);
  if ("wants" in judged.signingKeys) {
    const sentence = `The service publishes ${published.length} keys; without SIGNING_KEYS nobody can compare.`;
    return says.skipped(sentence, "See bindings.SIGNING_KEYS.");
  }
  const own = [...judged.signingKeys.verification.keys()];
  const isSame = own.length === published.length && own.every((kid) => published.includes(kid));
  if (isSame) return says.ok("The service publishes the keys of SIGNING_KEYS.");
  return says.fail(
    "The service publishes other keys than those of SIGNING_KEYS.",
    "Put the SIGNING_KEYS of this environment; a cache shows the old set for five minutes after a change.",
  );
}

const within = ({ trust, timeoutMs }: Patient) => ({ trust, timeoutMs });
