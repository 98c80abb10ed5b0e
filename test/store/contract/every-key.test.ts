import { guessPlace } from "../../../src/ids.ts";
import { describe, expect, it } from "vitest";
import type { Holder, SessionId } from "../../../src/ids.ts";
import {
  guessOf,
  identity,
  issue,
  now,
  phoneId,
  sendOf,
  store,
  subject,
  text,
  upstreams,
  useStore,
  watchedOf,
} from "./ground.ts";

useStore();

describe("every key", () => {
  it("has a TTL after every path", async () => {
    const code = issue();
    const send = await sendOf({ firstCode: code, isKeyed: true });
    const late = await sendOf({ isKeyed: true });
    await store.openSend(send);
    await store.replaceCode(subject, code.nonce, issue());
    await store.takeOverSend(late, send.invocation);
    await store.closeSend(send, { kind: "accepted", code });
    await store.openGuess({ ...send.counter, purpose: "verify" }, { subject, phoneId });
    await store.refundGuess({ ...send.counter, purpose: "verify", window: 1 }, { subject, phoneId });
    const [watched, unseen] = [await watchedOf("+919876543210"), await watchedOf("+14155552671")];
    const place = guessPlace(code.nonce, "holder" as Holder);
    await store.claimGuess(guessOf(code, { watched: await watchedOf("+6591234567"), place }));
    await store.claimGuess(guessOf(code, { isRight: false, watched: unseen, place }));
    await store.startHold(watched, "prefix", { level: 1, startedAt: now });
    await store.probe();
    await store.endSessions(subject, [text() as SessionId], "signed_out");
    await store.attachProfile({ subject, sid: text() as SessionId }, "sealed");
    await store.useSession({ subject, sid: text() as SessionId, now, ttlSeconds: 60, generation: 0 });
    await store.replaceCode(await identity.subject("web", "+919876543210"), code.nonce, issue());
    await store.claimGuess(guessOf(code, { subject: await identity.subject("driver", "+919876543210") }));
    const [stranger, other] = await Promise.all([
      identity.subject("transporter", "+919876543210"),
      identity.phoneId("+919876543211"),
    ]);
    await store.claimGuess(guessOf(code, { subject: stranger, phoneId: other, isRight: false, place }));
    await store.refundSend({
      ...late,
      watched: unseen,
      ran: true,
      budgets: [{ date: text(), scope: "all" }],
    });
    await store.withdrawSend({ ...late, ran: true, subject: stranger });
    const keys = await upstreams.backend.single(["KEYS", "*"]);
    if (!("result" in keys) || !Array.isArray(keys.result)) throw new Error("no keys");
    expect(keys.result.length).toBeGreaterThan(8);
    for (const key of keys.result) {
      const ttl = await upstreams.backend.single(["TTL", String(key)]);
      expect([key, "result" in ttl && ttl.result !== -1]).toEqual([key, true]);
    }
  });
});
