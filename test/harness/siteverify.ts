import { randomBytes } from "node:crypto";
import type { FaultyReply, FaultyServer, ReceivedRequest } from "./faulty-server.ts";
import { startFaultyServer } from "./faulty-server.ts";

/** What a person has solved in the widget. */
export interface Solved {
  readonly action?: string;
  readonly hostname?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
}

/**
 * A stand-in for Cloudflare's siteverify, as its documentation has it: a token is good for 300 seconds and for one use,
 * and for more under the idempotency key of its first.
 */
export interface Siteverify extends Omit<FaultyServer, "forget"> {
  /** The token that the widget gives the page. */
  solve(solved?: Solved): string;
  /** Replies this to each request from now on, in place of an answer; null ends that. Forgets the requests. */
  plan(fault: FaultyReply | null): void;
}

export async function startSiteverify(options: {
  readonly secret: string;
  readonly tls: { readonly key: string; readonly cert: string };
}): Promise<Siteverify> {
  const solved = new Map<string, Required<Solved>>();
  const spentUnder = new Map<string, string | null>();
  let fault: FaultyReply | null = null;

  function answer({ headers, body }: ReceivedRequest): FaultyReply {
    if (headers["content-type"] !== "application/json") return refusal("bad-request");
    const asked = JSON.parse(body) as Readonly<Record<string, string | undefined>>;
    const { secret, response: token, idempotency_key: key = null } = asked;
    if (secret !== options.secret) return { ...refusal("invalid-input-secret"), status: 400 };
    if (!token) return refusal("missing-input-response");
    if (key !== null && !UUID.test(key)) return refusal("bad-request");
    const found = solved.get(token);
    if (found === undefined) return refusal("invalid-input-response");
    const firstKey = spentUnder.get(token);
    const isSpent = firstKey !== undefined && (firstKey === null || firstKey !== key);
    if (isSpent || Date.now() - found.at > 300_000) return refusal("timeout-or-duplicate");
    spentUnder.set(token, key);
    const { action, hostname, at } = found;
    const challengeTs = new Date(at).toISOString();
    return {
      json: { success: true, "error-codes": [], challenge_ts: challengeTs, hostname, action, cdata: "" },
    };
  }

  const server = await startFaultyServer(options.tls, (request) => fault ?? answer(request));
  return Object.assign(server, {
    solve({ action = "send-otp", hostname = "app.example.com", at = Date.now() }: Solved = {}) {
      const token = `0.${randomBytes(96).toString("base64url")}`;
      solved.set(token, { action, hostname, at });
      return token;
    },
    plan(next: FaultyReply | null) {
      fault = next;
      server.forget();
    },
  });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function refusal(code: string) {
  return { status: 200, body: JSON.stringify({ success: false, "error-codes": [code], messages: [] }) };
}
