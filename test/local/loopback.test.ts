import { once } from "node:events";
import { createServer } from "node:https";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { listenLoopback } from "../../src/local/loopback.ts";
import { testAuthority } from "../harness/upstreams.ts";

it("a server that closes waits for nobody, not for a connection without a handshake either", async () => {
  const tls = await (await testAuthority()).issue();
  const accepted = Promise.withResolvers<void>();
  const { port, close } = await listenLoopback(
    () => createServer(tls).on("connection", () => accepted.resolve()),
    {},
  );
  const mute = connect(port, "127.0.0.1").on("error", () => undefined);
  const cut = once(mute, "close");
  await accepted.promise;
  await close();
  await cut;
  expect(mute.destroyed).toBe(true);
});
