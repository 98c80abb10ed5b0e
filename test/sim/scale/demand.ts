import { embeddedBackend } from "../../../src/local/redis/backend.ts";
import { createEngine } from "../../../src/local/redis/engine.ts";
import type { Protocol } from "../../harness/protocol.ts";
import { challengeIdOf, createProtocol } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { createSessions } from "../../harness/sessions.ts";
import type { RecordedTransaction, StoreRecorder } from "../../harness/store-recorder.ts";
import { recordStore } from "../../harness/store-recorder.ts";
import { isRead } from "./read-commands.ts";

export type Operation =
  | "first send"
  | "resend, the same code"
  | "resend, a new code"
  | "send refused"
  | "verify, right, with id"
  | "verify, right, without id"
  | "verify, wrong, with id"
  | "verify, wrong, without id"
  | "refresh, rotate"
  | "refresh, keep"
  | "sign-out"
  | "me"
  | "list of sessions"
  | "ready";

/** What one request asks of others, those after the answer included. */
export interface Demand {
  /** Requests to the store, one after the other. */
  readonly transactions: number;
  readonly commands: number;
  /** Commands of each transaction, in their order. */
  readonly each: readonly number[];
  /** Of both bodies of each transaction. */
  readonly bytes: number;
  /** Transactions that no read region could answer. */
  readonly writing: number;
  /** Calls of SNS. */
  readonly publishes: number;
}

/** At the beginning of every window that anybody counts in. */
const BEGINS = Date.UTC(2026, 10, 23, 12);

export type Demands = ReadonlyMap<Operation, Demand>;

/** Measured by the code that runs in production: its adapter over an engine in this process, its domain, its tokens. */
export async function measureDemand(): Promise<Demands> {
  const demands = new Map<Operation, Demand>();
  const clock = { now: BEGINS };
  const recorder = await recordStore(embeddedBackend(createEngine({ now: () => clock.now })));
  try {
    await measureCodes({ recorder, demands, clock });
    await measureSessions({ recorder, demands, clock });
  } finally {
    recorder.close();
  }
  return demands;
}

interface Measuring {
  readonly recorder: StoreRecorder;
  readonly demands: Map<Operation, Demand>;
  readonly clock: { now: number };
}

function meter({ recorder, demands }: Measuring, protocol: Protocol) {
  recorder.watch(protocol.store);
  return async <T>(operation: Operation, work: () => Promise<T>): Promise<T> => {
    const [before, published] = [recorder.transactions.length, protocol.tried.length];
    const result = await work();
    const publishes = protocol.tried.length - published;
    demands.set(operation, { ...sumOf(recorder.transactions.slice(before)), publishes });
    return result;
  };
}

function sumOf(transactions: readonly RecordedTransaction[]): Omit<Demand, "publishes"> {
  const sum = (of: (one: RecordedTransaction) => number) =>
    transactions.reduce((total, one) => total + of(one), 0);
  return {
    transactions: transactions.length,
    commands: sum(({ commands }) => commands.length),
    each: transactions.map(({ commands }) => commands.length),
    bytes: sum(({ requestBytes, responseBytes }) => requestBytes + responseBytes),
    writing: sum(({ commands }) => Number(!commands.every(isRead))),
  };
}

async function measureCodes(measuring: Measuring): Promise<void> {
  const protocol = await createProtocol(measuring.recorder);
  protocol.clock.now = BEGINS;
  const measure = meter(measuring, protocol);
  const wait = (seconds: number) => void (measuring.clock.now = protocol.clock.now += seconds * 1000);
  const code = () => protocol.tried.at(-1)?.code ?? "";

  const challengeId = challengeIdOf(await measure("first send", () => protocol.send()));
  await measure("send refused", () => protocol.send());
  wait(40);
  await measure("resend, the same code", () => protocol.send());
  await measure("verify, wrong, with id", () => protocol.verify(wrongGuess(code()), { challengeId }));
  await measure("verify, right, with id", () => protocol.verify(code(), { challengeId }));
  protocol.phone = "9811111111";
  await protocol.send();
  wait(160);
  await measure("resend, a new code", () => protocol.send());
  await measure("verify, wrong, without id", () => protocol.verify(wrongGuess(code())));
  await measure("verify, right, without id", () => protocol.verify(code()));
  await measure("ready", () => protocol.store.probe());
}

async function measureSessions(measuring: Measuring): Promise<void> {
  for (const rotation of ["keep", "rotate"] as const) {
    const sessions = await createSessions(measuring.recorder, rotation);
    sessions.clock.now = BEGINS;
    const measure = meter(measuring, sessions.protocol);
    const { tokens } = await sessions.signIn();
    const next = await sessions.refresh(tokens.refreshToken);
    const again = await sessions.refresh(next.refreshToken);
    const last = await measure(`refresh, ${rotation}`, () => sessions.refresh(again.refreshToken));
    await measure("me", () => sessions.bearer(last.accessToken));
    await measure("list of sessions", async () => {
      await sessions.bearer(last.accessToken);
      await sessions.alive();
    });
    await measure("sign-out", () => sessions.signOut({ accessToken: last.accessToken }));
  }
}
