import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";

export interface ListenOptions {
  readonly port?: number;
  /** One address only; without it 127.0.0.1 and, where the machine has it, ::1. */
  readonly host?: string;
}

export interface Listener {
  readonly port: number;
  /** Stops listening and cuts the connections that are kept alive. */
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
  const bound = await listen(first, port, host ?? "127.0.0.1");
  if (host !== undefined) return { port: bound, close: () => close(first) };

  const second = createServer();
  try {
    await listen(second, bound, "::1");
  } catch (error) {
    if (hasCode(error, "EADDRNOTAVAIL", "EAFNOSUPPORT")) return { port: bound, close: () => close(first) };
    await close(first);
    if (port === 0 && hasCode(error, "EADDRINUSE")) return listenLoopback(createServer, { port });
    throw error;
  }
  return {
    port: bound,
    async close() {
      await Promise.all([close(first), close(second)]);
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
