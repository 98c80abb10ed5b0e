import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest, type Agent } from "node:https";
import type { NetworkFault } from "./network-fault.ts";
import { faultOf } from "./network-fault.ts";

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM: the one authority to trust, in place of all that this machine trusts. */
  readonly trust: string | null;
  /** From the look-up of the name to the last byte. */
  readonly timeoutMs: number;
  readonly agent?: Agent;
}

export type Heard =
  | { readonly ok: true; readonly status: number; readonly date: string | null; readonly body: string }
  | { readonly ok: false; readonly fault: NetworkFault };

const MOST_BYTES = 256 * 1024;

class TooLong extends Error {}

/** One request, with certificates verified and no redirect followed. Never rejects. */
export function ask(url: string, asked: Asked): Promise<Heard> {
  const { method = "GET", headers = {}, body = "", trust, timeoutMs, agent } = asked;
  const signal = AbortSignal.timeout(timeoutMs);
  const tls = trust === null ? {} : { ca: trust };
  const options = { method, headers, signal, ...tls, agent: agent ?? false };
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ ok: false, fault: faultIn(error) });
    try {
      const sent = url.startsWith("https:")
        ? httpsRequest(url, options)
        : httpRequest(url, { method, headers, signal });
      sent.on("error", fail);
      sent.on("response", (response) => {
        readAll(response).then(
          (text) =>
            resolve({ ok: true, status: response.statusCode ?? 0, date: dateOf(response), body: text }),
          fail,
        );
      });
      sent.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

const dateOf = ({ headers }: IncomingMessage): string | null => headers.date ?? null;

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MOST_BYTES) throw new TooLong();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const faultIn = (error: unknown): NetworkFault => (error instanceof TooLong ? "too_long" : faultOf(error));
