import { headersOf } from "../caller.ts";
import type { Candidate, Caller } from "../contender.ts";
import type { Client, TimedAnswer } from "../../rig/client.ts";
import { peerBindings } from "./peer-bindings.ts";

export type Commands = readonly (readonly string[])[];

/** The service's own transactions, one of each kind, as the store got them. */
export interface Recorded {
  readonly send: Commands;
  readonly verify: Commands;
}

export interface Bare extends Candidate {
  send(client: Client, phone: string): Promise<TimedAnswer>;
  verify(client: Client, phone: string, code: string): Promise<TimedAnswer>;
}

/** A Worker that makes the service's calls without its logic. */
export function createBare({ send, verify }: Recorded): Bare {
  const call = (client: Client, path: string, body: object, caller: Caller = {}) =>
    client.post(path, body, headersOf(caller));
  return {
    name: "bare",
    entry: "test/bench/baselines/bare.ts",
    bindings: (upstreams) => ({
      ...peerBindings(upstreams),
      SEND_COMMANDS: send,
      VERIFY_COMMANDS: verify,
    }),
    send: (client, phone) => call(client, "/send", { phone }),
    verify: (client, phone, code) => call(client, "/verify", { phone, otp: code }),
  };
}
