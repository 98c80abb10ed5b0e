import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Policy } from "../../../src/config/policy.ts";
import type { Protocol } from "../../harness/protocol.ts";
import { createProtocol } from "../../harness/protocol.ts";
import type { Upstreams } from "../../harness/upstreams.ts";
import { startUpstreams } from "../../harness/upstreams.ts";

export let upstreams: Upstreams;
/** Of a number that no other test has. */
export let protocol: Protocol;

/** The domain over the real adapter and a real wire, for a whole file. */
export function useProtocol(): void {
  beforeAll(async () => {
    upstreams = await startUpstreams();
  });
  beforeEach(async () => {
    upstreams.store.reset();
    protocol = await createProtocol(upstreams);
  });
  afterAll(() => upstreams.close());
}

/** Another number, under other limits. */
export async function playBy(policy: Partial<Policy>): Promise<void> {
  protocol = await createProtocol(upstreams, policy);
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const owner = "203.0.113.1";
export const stranger = "198.51.100.9";

/** Of the last SMS. */
export function lastCode(): string {
  const code = protocol.tried.at(-1)?.code;
  if (code === undefined) throw new Error("no SMS yet");
  return code;
}

/** `sent`, the limit that refuses, or why else it is refused. */
export async function outcomeOfSend(options: Parameters<Protocol["send"]>[0] = {}): Promise<string> {
  const sent = await protocol.send(options);
  if (sent.ok) return "sent";
  return sent.refusal.reason === "over_limit" ? sent.refusal.longest.limit : sent.refusal.reason;
}
