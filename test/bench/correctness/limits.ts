import { setTimeout } from "node:timers/promises";
import { nextAddress, nextPhone } from "../caller.ts";
import type { Caller, SendRequest } from "../contender.ts";
import type { Stage } from "./stage.ts";
import { waitFor } from "./wait-for.ts";

export const SENDS = 30;
export const SLOW_MS = 6000;

export interface LimitFindings {
  /** SMS that go out by `SENDS` sends to one number in a row: from addresses of their own, and from one. */
  readonly fromMany: number;
  readonly fromOne: number;
  /** Whether the one that should be refused goes out when the store takes its time; null where none is refused. */
  readonly passesWhenSlow: boolean | null;
}

/** Whether sends have a limit, and whether it holds. */
export async function measureLimits(stage: Stage): Promise<LimitFindings> {
  const fromMany = await sendInARow(stage, nextPhone(), { count: SENDS });
  const fromOne = await sendInARow(stage, nextPhone(), { count: SENDS, address: nextAddress() });
  return {
    fromMany,
    fromOne,
    passesWhenSlow: fromOne === SENDS ? null : await passesWhenSlow(stage, fromOne),
  };
}

async function sendInARow(
  stage: Stage,
  phone: string,
  { count, ...caller }: Caller & { readonly count: number },
): Promise<number> {
  for (let sent = 0; sent < count; sent += 1) await stage.contender.send(stage.client, { phone, ...caller });
  return stage.countSms(phone);
}

/** No send is refused before, so that no isolate remembers that one was. */
async function passesWhenSlow(stage: Stage, allowed: number): Promise<boolean> {
  const request: SendRequest = { phone: nextPhone(), address: nextAddress() };
  const before = await sendInARow(stage, request.phone, { count: allowed, ...request });
  stage.upstreams.store.plan(() => ({ after: setTimeout(SLOW_MS) }));
  await waitFor(stage.contender.send(stage.client, request));
  stage.upstreams.store.reset();
  return stage.countSms(request.phone) > before;
}
