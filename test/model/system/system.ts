import { createApp } from "../../../src/app.ts";
import { parseConfig } from "../../../src/config.ts";
import type { Config } from "../../../src/config.ts";
import type { Policy } from "../../../src/config/policy.ts";
import type { Deps } from "../../../src/deps.ts";
import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import type { Publish } from "../../../src/sms/sns.ts";
import type { SigningKeys } from "../../../src/tokens/keys.ts";
import { installStore } from "../../harness/in-process-store.ts";
import { sequence } from "../../harness/random.ts";
import type { Answer, Ask } from "../exchange.ts";
import { APPS } from "../settings.ts";
import type { Clock } from "./clock.ts";
import type { Dump } from "./dump.ts";
import { dumpStore } from "./dump.ts";
import { createFaultySns } from "./faulty-sns.ts";
import { createFaultyStore } from "./faulty-store.ts";
import type { Faults, Flight } from "./flight.ts";
import { createFlight, fly, NO_FAULTS } from "./flight.ts";
import { createGate } from "./gate.ts";
import { createIsolate } from "./isolate.ts";
import { requestOf } from "./request-of.ts";

/** What may be put in the place of the service's own parts, to see whether the checker notices. */
export interface Parts {
  readonly backend?: (real: RedisBackend) => RedisBackend;
  readonly publish?: (real: Publish) => Publish;
  readonly deps?: (real: Deps) => Deps;
}

export interface SystemOptions {
  readonly clock: Clock;
  /** How far the clock of the location that each caller meets is ahead, in ms. */
  readonly ahead: readonly number[];
  readonly backend: RedisBackend;
  /** All but APPS and POLICY. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly signingKeys: SigningKeys;
  readonly policy: Partial<Policy>;
  readonly parts: Parts;
}

export interface Outcome {
  readonly flight: Flight;
  /** By the clock of its location. */
  readonly startedAt: number;
  /** Null where the isolate died. */
  readonly answer: Answer | null;
}

/** The whole service, its clocks and upstreams within reach. */
export interface System {
  readonly config: Config;
  /** One request, or several at once, with all that they do after their answers. */
  run(
    asks: readonly { readonly ask: Ask; readonly faults: Faults }[],
    order: readonly number[],
  ): Promise<readonly Outcome[]>;
  renewIsolate(): Promise<void>;
  /** How many isolates there were before this one. */
  readonly isolates: number;
  deliverLate(): Promise<void>;
  isAnythingLate(): boolean;
  dump(): Promise<Dump>;
  /** Lines that the service has written since the last time. */
  takeLogs(): readonly string[];
  /** Puts the real `fetch` and console back. */
  close(): void;
}

export async function createSystem(options: SystemOptions): Promise<System> {
  const { clock, ahead, parts, signingKeys } = options;
  const parsed = parseConfig({ ...options.bindings, APPS, POLICY: options.policy });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { config } = parsed;
  const gate = createGate();
  const backend = (parts.backend ?? same)(options.backend);
  const store = createFaultyStore(backend, { gate, clock, timeoutMs: config.policy.storeTimeoutMs });
  const publish = (parts.publish ?? same)(
    createFaultySns({ gate, clock, timeoutMs: config.policy.smsTimeoutMs }),
  );
  const bytes = sequence(1);
  const random = (length: number) => new Uint8Array(bytes(length));
  const newIsolate = async () =>
    (parts.deps ?? same)(await createIsolate({ config, signingKeys, clock, random, publish }));
  let deps = await newIsolate();
  let isolates = 0;
  const app = createApp((env) =>
    Promise.resolve({ ...(env as { readonly deps: Deps }).deps, metrics: null }),
  );
  const logs: string[] = [];
  const putConsoleBack = captureLog(logs);
  const putStoreBack = installStore(store, { answered: () => undefined });

  async function fetchAnswer(ask: Ask): Promise<Answer> {
    const after: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => void after.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    const response = await app.fetch(requestOf(ask), { deps }, context);
    const answer = readAnswer(response, await response.text());
    await Promise.all(after);
    return answer;
  }

  return {
    config,
    async run(asks, order) {
      const flights = asks.map(({ ask, faults }) => createFlight(faults, ahead[ask.caller] ?? 0));
      const turns = asks.length > 1 ? gate.race(flights, order) : Promise.resolve();
      const outcomes = asks.map(async ({ ask }, index): Promise<Outcome> => {
        const flight = flights[index] ?? createFlight(NO_FAULTS, 0);
        const startedAt = clock.now + flight.aheadMs;
        const answered = fly(flight, () => fetchAnswer(ask)).finally(() => (flight.isOver = true));
        return { flight, startedAt, answer: await Promise.race([answered, flight.died]) };
      });
      const [over] = await Promise.all([Promise.all(outcomes), turns]);
      return over;
    },
    async renewIsolate() {
      deps = await newIsolate();
      isolates += 1;
    },
    get isolates() {
      return isolates;
    },
    deliverLate: () => store.deliverLate(),
    isAnythingLate: () => store.lateCount > 0,
    dump: () => dumpStore(options.backend),
    takeLogs: () => logs.splice(0),
    close() {
      putStoreBack();
      putConsoleBack();
    },
  };
}

function same<T>(part: T): T {
  return part;
}

function readAnswer({ status, headers }: Response, text: string): Answer {
  const body = JSON.parse(text) as {
    readonly data?: Answer["data"];
    readonly error?: Answer["error"];
  };
  const code = status === 200 ? "OK" : String(body.error?.["code"]);
  return { status, headers, text, code, data: body.data ?? {}, error: body.error ?? {} };
}

function captureLog(lines: string[]): () => void {
  const real = console.log;
  console.log = (line: unknown) => void lines.push(String(line));
  return () => void (console.log = real);
}
