import { randomUUID } from "node:crypto";
import type { Stage } from "./stage.ts";

export type Outcome = "at once" | "by repeating" | "never";

/** For each request that a verify makes to the store. */
export interface LostReplies {
  /** Its reply alone is lost, after the store did its work. */
  readonly one: readonly Outcome[];
  /** Its reply is lost, and all that follow in that verify. */
  readonly rest: readonly Outcome[];
}

/** Whether somebody with the right code gets in although the store's replies get lost, and he asks twice at most. */
export async function measureLostReplies(stage: Stage): Promise<LostReplies> {
  const { store } = stage.upstreams;
  const usual = await stage.obtainCode();
  const before = store.exchanges.length;
  await stage.verify(usual);
  const requests = store.exchanges.length - before;
  const one: Outcome[] = [];
  const rest: Outcome[] = [];
  for (let lost = 0; lost < requests; lost += 1) {
    one.push(await signIn(stage, (index) => index === lost));
    rest.push(await signIn(stage, (index) => index >= lost));
  }
  return { one, rest };
}

async function signIn(stage: Stage, isLost: (index: number) => boolean): Promise<Outcome> {
  const { store } = stage.upstreams;
  const request = { ...(await stage.obtainCode()), idempotencyKey: randomUUID() };
  store.plan((_, index) => (isLost(index) ? "drop_after" : "pass"));
  const isIn = await stage.signsIn(request);
  store.reset();
  if (isIn) return "at once";
  return (await stage.signsIn(request)) ? "by repeating" : "never";
}
