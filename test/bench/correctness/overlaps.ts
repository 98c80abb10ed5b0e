import type { Held, Stage } from "./stage.ts";

/** Something happens while a wrong guess waits, before each of its requests to the store in turn; how often it works. */
export interface Overlaps {
  readonly orders: number;
  /** A resend: afterwards its code signs in. */
  readonly resent: number;
  /** The right code, which signs in there and then. */
  readonly typed: number;
}

/** What a wrong guess does to what happens at the same time. */
export async function measureOverlaps(stage: Stage): Promise<Overlaps> {
  const { store } = stage.upstreams;
  const guessed = await stage.obtainCode();
  const before = store.exchanges.length;
  await guessWrong(stage, guessed);
  const orders = store.exchanges.length - before;
  let resent = 0;
  let typed = 0;
  for (let waiting = 0; waiting < orders; waiting += 1) {
    const first = await stage.obtainCode();
    const newest = await during({ stage, held: first, waiting }, () =>
      stage.obtainCode({ phone: first.phone }),
    );
    resent += (await stage.signsIn(newest)) ? 1 : 0;
    const other = await stage.obtainCode();
    const isIn = await during({ stage, held: other, waiting }, () => stage.signsIn(other));
    typed += isIn ? 1 : 0;
  }
  return { orders, resent, typed };
}

async function during<Found>(
  { stage, held, waiting }: { readonly stage: Stage; readonly held: Held; readonly waiting: number },
  act: () => Promise<Found>,
): Promise<Found> {
  const { store } = stage.upstreams;
  const reached = Promise.withResolvers<void>();
  const acted = Promise.withResolvers<void>();
  store.plan((_, index) => {
    if (index !== waiting) return "pass";
    reached.resolve();
    return { after: acted.promise };
  });
  const guess = guessWrong(stage, held);
  await reached.promise;
  const found = await act();
  acted.resolve();
  await guess;
  store.reset();
  return found;
}

async function guessWrong(stage: Stage, held: Held): Promise<void> {
  const code = held.code === "000000" ? "000001" : "000000";
  await stage.verify({ ...held, code });
}
