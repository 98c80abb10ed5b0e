import type { Mode } from "./ambush.ts";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** What a connection meets: the upstream, another server, or nobody who says anything. */
export type DoorState =
  | "open"
  | "refused"
  | "cut"
  | "silent"
  | { readonly server: "expired" | "not yet valid" | "other host" | "self-signed" | "untrusted" | "plain" };

/** A port of an upstream that can lead elsewhere. It looks into nothing that passes. */
export interface Door {
  readonly url: string;
  /** Ends all connections. The next, or all from now on, meet the state. */
  set(state: DoorState, mode: Mode): Promise<void>;
  close(): Promise<void>;
}

/** `portOf` says where a state leads; a number is a port of loopback. */
export async function openDoor(
  upstreamPort: number,
  portOf: (state: Extract<DoorState, object>) => number,
): Promise<Door> {
  const sockets = new Set<Socket>();
  let next: DoorState = "open";
  let after: DoorState = "open";

  const server: Server = createServer({ allowHalfOpen: false }, (socket) => {
    const state = next;
    next = after;
    keep(socket);
    if (state === "cut" || state === "refused") return void socket.destroy();
    if (state === "silent") return;
    const target = connect(state === "open" ? upstreamPort : portOf(state), "127.0.0.1");
    keep(target);
    socket.pipe(target).pipe(socket);
    socket.once("close", () => target.destroy());
    target.once("close", () => socket.destroy());
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  }

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    async set(state, mode) {
      if (server.listening) await stop();
      next = state;
      after = mode === "once" ? "open" : state;
      if (state !== "refused") await listen(port);
    },
    close: () => (server.listening ? stop() : Promise.resolve()),
  };
}
