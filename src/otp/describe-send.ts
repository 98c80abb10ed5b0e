import type { Policy } from "../config/policy.ts";
import { unkeyedSendId } from "../ids.ts";
import { hourOf } from "../limits/address.ts";
import { budgetsFor } from "../limits/budget.ts";
import type { OpenSend } from "../store/send-port.ts";
import type { CodeSecrets } from "./codes.ts";
import { createNonce } from "./codes.ts";
import type { Identity } from "../identity.ts";
import { randomInvocationId } from "../identity.ts";
import type { SendRequest } from "./send.ts";
import { watchedOf } from "./watched.ts";

export interface DescribeDeps {
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
}

/** What the store is told of a request to send: names that tell nothing, and what it counts against. */
export async function describeSend(request: SendRequest, deps: DescribeDeps): Promise<OpenSend> {
  const { identity, policy, random } = deps;
  const now = deps.now();
  const { app, phone, idempotencyKey: key } = request;
  const [subject, phoneId, address, watched] = await Promise.all([
    identity.subject(app.role, phone.e164),
    identity.phoneId(phone.e164),
    identity.address(request.clientAddress),
    watchedOf(request, deps),
  ]);
  const id = randomInvocationId(random, { proven: request.isProven });
  const sms = { country: phone.country, role: app.role, now };
  return {
    subject,
    phoneId,
    address,
    now,
    sendId: key === null ? unkeyedSendId(id) : await identity.sendId(subject, key),
    isKeyed: key !== null,
    invocation: { id, startedAt: now },
    firstCode: { nonce: createNonce(deps.secrets.current, random), issuedAt: now },
    counter: { purpose: "send", address, window: hourOf(now) },
    budgets: request.phone.fixedCode === null ? budgetsFor(sms, policy) : [],
    watched,
  };
}
