import { createServer as createHttpServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

export interface BadServer {
  /** `https://`, although nobody there will shake hands. */
  readonly url: string;
  close(): Promise<void>;
}

/** HTTP without TLS. */
export const startPlainServer = (): Promise<BadServer> =>
  start(createHttpServer((_, response) => response.end("{}")));

/** Takes connections and says nothing, ever. */
export const startSilentServer = (): Promise<BadServer> => start(createTcpServer());

/** Takes connections and cuts them. */
export const startCuttingServer = (): Promise<BadServer> =>
  start(createTcpServer((socket) => socket.destroy()));

/** A port at which nobody listens any more. */
export async function closedPort(): Promise<string> {
  const server = await start(createTcpServer());
  await server.close();
  return server.url;
}

async function start(server: Server): Promise<BadServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
