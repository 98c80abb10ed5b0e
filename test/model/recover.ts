import { plainSend, plainVerify } from "./ask.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ask, Exchange } from "./exchange.ts";
import { codeIn } from "./memory.ts";
import type { Stage } from "./stage.ts";
import type { Clock } from "./system/clock.ts";
import { NO_FAULTS } from "./system/flight.ts";

/**
 * When the faults are over the person asks for a code, once more after the wait that is told, types it and is in. A wait
 * until a clock that is behind begins the same day as the others does not count.
 */
export async function recover(
  { phone, role, caller }: Ask,
  { stage, clock, apartMs }: { readonly stage: Stage; readonly clock: Clock; readonly apartMs: number },
): Promise<void> {
  const told = `at the end, sign in by phone ${phone} as ${role}`;
  const say = async (ask: Ask): Promise<Exchange> => {
    const [exchange] = await stage.exchange(told, [{ ask, faults: NO_FAULTS }]);
    if (exchange === undefined) throw new Error("a request without an exchange");
    return exchange;
  };
  const send = plainSend(phone, role, caller);
  let sent = await say(send);
  for (let waits = 0; waits < 1 && sent.answer?.code === "OTP_RATE_LIMIT_EXCEEDED";) {
    const waitMs = Number(sent.answer.error["retryAfter"]) * 1000;
    if (waitMs > apartMs) waits += 1;
    clock.now += waitMs;
    sent = await say(send);
  }
  const id = sent.answer?.data["challengeId"];
  if (typeof id !== "string")
    throw new BrokenPromise(told, [`recovery: ${sent.answer?.code ?? "no answer"} to a send`]);
  const verified = await say(plainVerify(send, { id, guess: codeIn(sent.sms.at(-1)?.text ?? "") }));
  if (verified.answer?.code !== "OK")
    throw new BrokenPromise(told, [`recovery: ${verified.answer?.code ?? "no answer"} to the right code`]);
}
