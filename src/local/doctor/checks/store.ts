import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import type { Judged, Patient } from "../patient.ts";
import { soundText } from "../patient.ts";
import type { StoreRest } from "../store-rest.ts";
import { openStoreRest } from "../store-rest.ts";
import { claimChecks } from "./store-claim.ts";
import { evictionCheck } from "./store-eviction.ts";
import { noReplies } from "./store-refusal.ts";
import { reachChecks } from "./reach.ts";

const TRIES = 5;

/** The store from its address to what it does with keys; `close` when all have run. */
export function storeChecks(
  patient: Patient,
  judged: Judged,
): { readonly checks: readonly Check[]; close(): void } {
  const address = soundText(patient, judged, "UPSTASH_REDIS_REST_URL");
  const token = soundText(patient, judged, "UPSTASH_REDIS_REST_TOKEN");
  const scheme: Check = { id: "store.scheme", run: (says) => checkScheme(says, patient, address) };
  if (address === null) return { checks: [scheme], close: () => undefined };
  const url = new URL(address);
  const reach = reachChecks("store", url, patient);
  const { trust, timeoutMs } = patient;
  if (token === null) return { checks: [scheme, ...reach, noToken()], close: () => undefined };
  const store = openStoreRest({ url: address, token, trust, timeoutMs });
  return {
    close: () => store.close(),
    checks: [
      scheme,
      ...reach,
      { id: "store.token", needs: ["store.tls"], run: (says) => checkToken(says, store, url.host) },
      ...claimChecks(store, url.host),
      {
        id: "store.round-trip",
        needs: ["store.token"],
        run: (says) => checkRoundTrip(says, store, { host: url.host, slowMs: patient.slowMs }),
      },
      evictionCheck(store),
    ],
  };
}

function checkScheme(says: Says, { bindings }: Patient, address: string | null): Finding {
  if (address !== null) return says.ok("UPSTASH_REDIS_REST_URL is an https:// address.");
  const given = bindings["UPSTASH_REDIS_REST_URL"];
  if (given === undefined)
    return says.skipped("UPSTASH_REDIS_REST_URL is not given here.", "See bindings.UPSTASH_REDIS_REST_URL.");
  return says.fail(
    "UPSTASH_REDIS_REST_URL is not the https:// address of a REST API.",
    'Take the https:// address of the Upstash console, "REST API"; no redis://, rediss:// or http:// one.',
  );
}

const noToken = (): Check => ({
  id: "store.token",
  run: (says) =>
    says.skipped(
      "Without a sound UPSTASH_REDIS_REST_TOKEN the store cannot be asked.",
      "See bindings.UPSTASH_REDIS_REST_TOKEN.",
    ),
});

async function checkToken(says: Says, store: StoreRest, host: string): Promise<Finding> {
  for (const [command, expected] of [
    [["PING"], "PONG"],
    [["ECHO", "edge-otp"], "edge-otp"],
  ] as const) {
    const answer = await store.run([command]);
    if (answer.kind !== "replies") return noReplies(says, answer, host);
    const [reply] = answer.replies;
    if (reply === undefined || !("result" in reply) || reply.result !== expected)
      return noReplies(says, { kind: "foreign", status: 200 }, host);
  }
  return says.ok("The store takes the token and answers.");
}

async function checkRoundTrip(
  says: Says,
  store: StoreRest,
  { host, slowMs }: { readonly host: string; readonly slowMs: number },
): Promise<Finding> {
  const times: number[] = [];
  // One more, for the connection.
  for (let index = 0; index <= TRIES; index += 1) {
    const answer = await store.run([["PING"]]);
    if (answer.kind !== "replies") return noReplies(says, answer, host);
    if (index > 0) times.push(answer.elapsedMs);
  }
  const median = times.toSorted((left, right) => left - right)[Math.floor(TRIES / 2)] ?? 0;
  const sentence = `A round trip to ${host} takes ${median.toFixed(0)} ms from this machine, the median of ${TRIES}.`;
  if (median <= slowMs) return says.ok(sentence);
  return says.warn(
    sentence,
    "Put the database into the region where your people are, and [placement] beside it (Placement in src/local/deploy/README.md); `/ready` tells what the Worker itself measures.",
  );
}
