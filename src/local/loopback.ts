import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { closeAtOnce } from "./close-at-once.ts";

export interface ListenOptions {
  readonly port?: number;
  /** One address only; without it 127.0.0.1 and, where the machine has it, ::1. */
  readonly host?: string;
}

export interface Listener {
  readonly port: number;
  /** Stops listening and cuts all connections, whatever they are at. */
  readonly close: () => Promise<void>;
}

type Server = HttpServer | HttpsServer;

/**
 * Listens on both loopback addresses with one port, since `localhost` is ::1 first for some clients and 127.0.0.1
 * first for others. Rejects with EADDRINUSE when a wanted port is taken on either; port 0 finds one free on both.
 */
export async function listenLoopback(
  createServer: () => Server,
  { port = 0, host }: ListenOptions,
): Promise<Listener> {
  const first = createServer();
  const closeFirst = closeAtOnce(first);
  const bound = await listen(first, port, host ?? "127.0.0.1");
  if (host !== undefined) return { port: bound, close: closeFirst };

  const second = createServer();
  const closeSecond = closeAtOnce(second);
  try {
    await listen(second, bound, "::1");
  } catch (error) {
    if (hasCode(error, "EADDRNOTAVAIL", "EAFNOSUPPORT")) return { port: bound, close: closeFirst };
    await closeFirst();
    if (port === 0 && hasCode(error, "EADDRINUSE")) return listenLoopback(createServer, { port });
    throw error;
  }
  return {
    port: bound,
    async close() {
      await Promise.all([closeFirst(), closeSecond()]);
    },
  };
}

export const isPortTaken = (error: unknown): boolean => hasCode(error, "EADDRINUSE", "EACCES");

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
