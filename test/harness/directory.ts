import { createHmac, timingSafeEqual } from "node:crypto";
import type { FaultyReply, FaultyServer, ReceivedRequest } from "./faulty-server.ts";
import { startFaultyServer } from "./faulty-server.ts";

/** What the company's backend does with one request. */
export type DirectoryReply =
  | Exclude<FaultyReply, { readonly json: unknown }>
  | { readonly record: unknown }
  | "suspended"
  /** 404: it knows nobody of that number. */
  | "unknown";

/** A stand-in for the company's backend. Whatever is planned, a request that is not signed gets a 401. */
export interface Directory extends Omit<FaultyServer, "forget"> {
  /** Decides about each request from now on, and forgets what has been. */
  plan(replyTo: (request: ReceivedRequest) => DirectoryReply): void;
}

export async function startDirectory(options: {
  readonly secret: Uint8Array;
  readonly tls: { readonly key: string; readonly cert: string };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}): Promise<Directory> {
  const { secret, tls, now = Date.now } = options;
  let replyTo: (request: ReceivedRequest) => DirectoryReply = () => "unknown";
  const server = await startFaultyServer(tls, (request) =>
    isSigned(request, secret, now() / 1000) ? faultOf(replyTo(request)) : { status: 401, body: "" },
  );
  return Object.assign(server, {
    plan(next: (request: ReceivedRequest) => DirectoryReply) {
      replyTo = next;
      server.forget();
    },
  });
}

function faultOf(reply: DirectoryReply): FaultyReply {
  if (reply === "suspended") return { json: { suspended: true } };
  if (reply === "unknown") return { status: 404, body: "{}" };
  return typeof reply === "object" && "record" in reply ? { json: reply.record } : reply;
}

/** The verifier of the README, which shares nothing with the signer. Times in seconds. */
export function isSigned(
  { method, path, headers, body }: ReceivedRequest,
  secret: Uint8Array,
  now: number,
): boolean {
  const time = String(headers["x-edge-otp-time"]);
  const signed = `${time}\n${method}\n${path}\n${body}`;
  const right = Buffer.from(`v1=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  const given = Buffer.from(String(headers["x-edge-otp-signature"]));
  const isRecent = Math.abs(now - Number(time)) <= 300;
  return isRecent && given.length === right.length && timingSafeEqual(given, right);
}
