import type { OpenSend, SendStore, WithdrawnSend } from "../store/send-port.ts";
import { ignoreUnavailable } from "../store/port.ts";
import type { NeverSent } from "./never-sent.ts";

/** A send as it runs. Without `ran` it may have run its key, which nobody knows before the store has answered. */
export type RanSend = OpenSend & Partial<Pick<WithdrawnSend, "ran">>;

export interface UndoDeps {
  readonly store: SendStore;
  readonly neverSent: NeverSent;
  readonly defer: (work: Promise<void>) => void;
}

/**
 * A send that fails on the way is taken out of the log before the caller hears of it, so that nobody waits for an SMS
 * never sent. Only this execution's own place is touched, so it does no harm whatever the store has done.
 */
export async function undoOnFailure<T>(send: RanSend, deps: UndoDeps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await withdraw({ ...send, ran: send.ran ?? send.isKeyed }, deps);
    throw error;
  }
}

export interface RefundOptions {
  /** Whoever is over a limit has to wait, and the refund can wait with him; whoever may try at once may not meet it. */
  readonly mayWait: boolean;
  /** What SNS was asked for in vain stays counted at its address, which could ask SNS without end otherwise. */
  readonly staysAtAddress?: boolean;
}

/** Counts a send back that sent nothing. */
export async function refund(
  send: RanSend,
  { mayWait, staysAtAddress = false }: RefundOptions,
  deps: UndoDeps,
): Promise<void> {
  const refunded = { ...send, ran: send.ran ?? false, counter: staysAtAddress ? null : send.counter };
  const work = deps.store.refundSend(refunded).catch(async (error: unknown) => {
    await withdraw(refunded, deps);
    throw error;
  });
  if (mayWait && !send.isKeyed) deps.defer(work);
  else await work.catch(ignoreUnavailable);
}

/** Tried once and briefly. Whatever comes of it, this isolate will not hold the send against anybody. */
async function withdraw(send: WithdrawnSend, { store, neverSent }: UndoDeps): Promise<void> {
  neverSent.remember(send.phoneId, send.invocation.id);
  await store.withdrawSend(send).catch(ignoreUnavailable);
}
