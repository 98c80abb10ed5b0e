import type { Server, Socket } from "node:net";

/**
 * How to stop a server with all of its connections. `closeAllConnections` knows only those on which HTTP has begun, so
 * that one amid its TLS handshake, or in front of it, would hold the process. Wants to be asked before the server listens.
 */
export function closeAtOnce(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}
