import type { Trace } from "./log.ts";

/** A dataset of Cloudflare's Analytics Engine. */
export interface Metrics {
  writeDataPoint(point: DataPoint): void;
}

export interface DataPoint {
  readonly indexes: readonly [string];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

type Column<T> = (trace: Trace) => T | undefined;

/**
 * The columns of a point: the first is `blob1`, the second `blob2` and so on, and "" is what is not known. Years of
 * points are read by these places, so a new column goes to the end and none is moved. No number, id or address.
 */
export const BLOBS = {
  route: ({ route }) => route,
  method: ({ method }) => method,
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  role: ({ role }) => role,
  country: ({ country }) => country,
  delivery: deliveryOf,
  smsRegion: ({ sms }) => sms.at(-1)?.split(":")[0],
  smsOutcome: ({ sms }) => sms.at(-1)?.split(":")[1],
  smsReason: ({ sms }) => sms.at(-1)?.split(":")[2],
  guard: ({ guard }) => guard,
  directory: ({ directory }) => directory,
  storeFailure: ({ storeFailures }) => storeFailures.at(-1),
  testNumber: ({ testNumber }) => testNumber && "yes",
  turnstile: ({ turnstile }) => turnstile,
  rateLimiter: ({ rateLimiter }) => rateLimiter,
} as const satisfies Record<string, Column<string>>;

/** The same for `double1` and so on; 0 is what is not known. Times in milliseconds. */
export const DOUBLES = {
  durationMs: ({ durationMs }) => durationMs,
  storeMs: ({ storeMs }) => storeMs,
  storeRequests: ({ storeRequests }) => storeRequests,
  smsMs: ({ smsMs }) => smsMs,
  directoryMs: ({ directoryMs }) => directoryMs,
  requests: () => 1,
  /** Millionths of a US dollar. */
  smsMicroUsd: ({ smsPriceMicroUsd }) => smsPriceMicroUsd,
  smsPublishes: ({ sms }) => sms.filter((publish) => !publish.endsWith(":skipped")).length,
  status: ({ status }) => status,
} as const satisfies Record<string, Column<number>>;

/** What the index is where the role is not known. Sampling is by index, so that a busy role hides no quiet one. */
const NO_ROLE = "none";
const MOST_CHARACTERS = 128;

/** One request as one point. */
export function toDataPoint(trace: Trace): DataPoint {
  return {
    indexes: [trace.role ?? NO_ROLE],
    blobs: Object.values(BLOBS).map((read) => (read(trace) ?? "").slice(0, MOST_CHARACTERS)),
    doubles: Object.values(DOUBLES).map((read) => read(trace) ?? 0),
  };
}

/** What the caller of a send was told. */
function deliveryOf({ route, outcome, reason }: Trace): string {
  if (outcome !== "ok" || !route.endsWith("/send-otp")) return "";
  return reason === "unconfirmed" ? reason : "accepted";
}
