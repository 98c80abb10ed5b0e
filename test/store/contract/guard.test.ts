import { describe, expect, it } from "vitest";
import { guessOf, issue, now, sendOf, store, useStore, watchedOf } from "./ground.ts";

useStore();

describe("what the guard looks at", () => {
  const windowMs = 600_000;

  it("has each send once, whoever executes it twice, and none that was withdrawn or refunded", async () => {
    const [first, second, third] = [await sendOf(), await sendOf(), await sendOf()];
    for (const send of [first, first, second, third]) await store.openSend(send);
    await store.withdrawSend({ ...second, ran: false });
    await store.refundSend({ ...third, ran: false });
    const last = await sendOf({ now: now + windowMs });
    const { evidence } = await store.openSend(last);
    const sends = evidence?.prefix.sends.map(({ invocation }) => invocation);
    expect(sends).toEqual([first.invocation.id, last.invocation.id]);
    // A counter fails closed: what was executed twice counts twice, and only the refund counts back.
    const before = { startedAt: Math.floor(now / windowMs) * windowMs, sent: 3 };
    expect(evidence?.country.windows[0]).toEqual(before);
    expect(evidence?.network.windows[0]).toEqual(before);
    expect([evidence?.country.running, evidence?.network.running]).toEqual([0, 0]);
  });

  it("has a number that verified, its country and its network, once, and nothing of a wrong guess", async () => {
    const code = issue();
    const watched = await watchedOf("+919876543210");
    const guess = guessOf(code, { watched });
    await store.openSend(await sendOf({ firstCode: code }));
    await store.claimGuess(guessOf(code, { watched, isRight: false }));
    const before = (await store.openSend(await sendOf())).evidence;
    expect([before?.prefix.verified, before?.country.verified]).toEqual([[], 0]);
    expect([before?.isKnownNumber, before?.network.isKnown]).toEqual([false, false]);
    await store.claimGuess(guess);
    await store.claimGuess(guess);
    const after = (await store.openSend(await sendOf())).evidence;
    expect(after?.prefix.verified).toEqual([{ line: watched.line, at: now }]);
    expect([after?.country.verified, after?.isKnownNumber]).toEqual([1, true]);
    expect(after?.network).toMatchObject({ verified: 1, isKnown: true });
  });

  it("knows a number for 30 days after its last sign-in", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    await store.claimGuess(guessOf(code));
    const isKnown = async (at: number) =>
      (await store.openSend(await sendOf({ now: at }))).evidence?.isKnownNumber;
    const days = 24 * 3_600_000;
    expect(await isKnown(now + 30 * days)).toBe(true);
    expect(await isKnown(now + 30 * days + 1)).toBe(false);
    for (let index = 1; index < 30; index += 1)
      await store.claimGuess(guessOf(issue(), { now: now + index * days }));
    expect(await isKnown(now + 59 * days)).toBe(true);
  });

  it("has the newest 128 sends and verified numbers, and says when it is time to drop the others", async () => {
    const watched = await watchedOf("+919876543210");
    const prefixAt = async (index: number) =>
      (await store.openSend(await sendOf({ now: now + index }))).evidence?.prefix;
    await store.claimGuess(guessOf(issue(), { watched, now }));
    for (let index = 1; index < 127; index += 1) expect((await prefixAt(index))?.isFull).toBe(false);
    expect(await prefixAt(127)).toMatchObject({ isFull: true, verified: [{ at: now }] });
    expect((await prefixAt(128))?.verified).toEqual([]);
    expect((await prefixAt(129))?.sends.map(({ at }) => at - now)).toEqual(
      Array.from({ length: 128 }, (_, index) => index + 2),
    );
    await store.trimPrefix(watched);
    expect((await prefixAt(130))?.sends.map(({ at }) => at - now)).toEqual(
      Array.from({ length: 97 }, (_, index) => index + 34),
    );
  });

  it("has the last hold, which nobody can move", async () => {
    const watched = await watchedOf("+919876543210");
    await store.startHold(watched, "prefix", { level: 1, startedAt: now });
    await store.startHold(watched, "prefix", { level: 2, startedAt: now + 5 });
    await store.startHold(watched, "prefix", { level: 2, startedAt: now + 99 });
    // A claim that comes late shows the last one all the same.
    await store.startHold(watched, "prefix", { level: 1, startedAt: now + 100 });
    await store.startHold(watched, "country", { level: 1, startedAt: now + 7 });
    const { evidence } = await store.openSend(await sendOf());
    expect(evidence?.prefix.hold).toEqual({ level: 2, startedAt: now + 5 });
    expect(evidence?.country.hold).toEqual({ level: 1, startedAt: now + 7 });
  });

  it("does not exist where nobody is on guard", async () => {
    expect((await store.openSend(await sendOf({ watched: null }))).evidence).toBeNull();
  });
});
