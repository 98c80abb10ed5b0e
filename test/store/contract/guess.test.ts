import { describe, expect, it } from "vitest";
import type { Holder } from "../../../src/ids.ts";
import { guessPlace, tagOf } from "../../../src/ids.ts";
import { guessOf, issue, now, sendOf, store, subject, upstreams, useStore, watchedOf } from "./ground.ts";

useStore();

describe("claimGuess", () => {
  it("lets one of fifty right guesses win, and tells all who", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const guesses = Array.from({ length: 50 }, () => guessOf(code));
    const claims = await Promise.all(guesses.map((guess) => store.claimGuess(guess)));
    const winners = new Set(claims.map(({ chain }) => chain.winners.get(code.nonce)));
    expect(winners.size).toBe(1);
    expect(guesses.filter(({ attempt }) => winners.has(attempt)).length).toBe(1);
  });

  it("counts a hundred different wrong guesses, each number within the budget once, and at most two above it", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const guesses = Array.from({ length: 100 }, () => guessOf(code, { isRight: false }));
    const counts = (await Promise.all(guesses.map((guess) => store.claimGuess(guess)))).map(
      ({ wrongGuesses }) => wrongGuesses,
    );
    expect(counts.filter((count) => count <= 5).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(Math.max(...counts)).toBe(7);
  });

  it("counts the same wrong guess once, and other holders' apart", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const wrong = guessOf(code, { isRight: false });
    expect((await store.claimGuess(wrong)).wrongGuesses).toBe(1);
    expect((await store.claimGuess({ ...wrong, now: now + 5 })).wrongGuesses).toBe(1);
    expect(
      (await store.claimGuess(guessOf(code, { isRight: false, holder: "other" as Holder }))).wrongGuesses,
    ).toBe(1);
    expect((await store.claimGuess(guessOf(code))).wrongGuesses).toBe(1);
  });

  it("tells the first sign-in apart, to a repeat of it too, and takes back none but its own", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const first = guessOf(code);
    const second = guessOf(code, { now: now + 1 });
    const third = guessOf(code, { now: now + 2 });
    expect(await store.claimGuess(first)).toMatchObject({ isFirstSignIn: true });
    expect(await store.claimGuess(first)).toMatchObject({ isFirstSignIn: true });
    expect(await store.claimGuess(guessOf(code, { isRight: false }))).toMatchObject({ isFirstSignIn: false });
    expect(await store.claimGuess(second)).toMatchObject({ isFirstSignIn: false });
    await store.undoSignIn({ subject, sid: second.session.sid }, second.attempt);
    expect(await store.claimGuess(third)).toMatchObject({ isFirstSignIn: false });
    await store.undoSignIn({ subject, sid: first.session.sid }, first.attempt);
    expect(await store.claimGuess(third)).toMatchObject({ isFirstSignIn: true });
  });

  it("says when a subject has so many sign-ins that those in the middle can go", async () => {
    const guesses = Array.from({ length: 40 }, (_, index) => guessOf(issue(), { now: now + index }));
    const claims = [];
    for (const guess of guesses) claims.push(await store.claimGuess(guess));
    expect(claims.map(({ isCrowded }) => isCrowded).indexOf(true)).toBe(39);
    await store.trimSignIns(subject);
    const kept = await upstreams.backend.single(["ZRANGE", `user:${subject}`, "0", "-1"]);
    const attempts = guesses.map(({ attempt }) => attempt);
    expect(kept).toEqual({ result: [...attempts.slice(0, 10), ...attempts.slice(-10)] });
    expect(await store.claimGuess(guessOf(issue(), { now: now + 40 }))).toMatchObject({
      isFirstSignIn: false,
      isCrowded: false,
    });
  });

  it("works as much for a wrong guess as for a right one", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    upstreams.store.reset();
    const watched = await watchedOf("+919876543210");
    const place = guessPlace(code.nonce, "holder" as Holder);
    await store.claimGuess(guessOf(code, { watched, place }));
    await store.claimGuess(guessOf(code, { watched, place, isRight: false }));
    const [right, wrong] = upstreams.store.exchanges.map(
      ({ body }) => (JSON.parse(body) as unknown[]).length,
    );
    expect(right).toBe(wrong);
  });
});

describe("the place of guesses in the log", () => {
  it("is claimed once by a wrong guess, and by no right one", async () => {
    const code = issue();
    const place = guessPlace(code.nonce, "holder" as Holder);
    await store.openSend(await sendOf({ firstCode: code }));
    expect((await store.claimGuess(guessOf(code, { place }))).log.map(({ kind }) => kind)).toEqual(["send"]);
    const wrong = guessOf(code, { place, isRight: false, now: now + 1 });
    await store.claimGuess(wrong);
    const { log } = await store.claimGuess({ ...wrong, now: now + 2 });
    expect(log.filter(({ kind }) => kind === "guesses")).toEqual([
      { member: place, of: tagOf(subject), kind: "guesses", at: now + 1, asker: null },
    ]);
  });

  it("is not to be had, right or wrong, where the log is so full that it would not be seen", async () => {
    const code = issue();
    const place = guessPlace(code.nonce, "holder" as Holder);
    for (let index = 0; index < 63; index += 1) await store.openSend(await sendOf({ firstCode: code }));
    for (const isRight of [false, true]) {
      const claim = store.claimGuess(guessOf(code, { place, isRight, now: now + 1 }));
      await expect(claim).rejects.toMatchObject({ name: "StoreUnavailable", reason: "malformed" });
    }
  });
});

describe("a wrong guess that was not evaluated", () => {
  it("is taken back, and told apart from one that was made before", async () => {
    const code = issue();
    const wrong = guessOf(code, { isRight: false });
    await store.openSend(await sendOf({ firstCode: code }));
    expect(await store.claimGuess(wrong)).toMatchObject({ isNewGuess: true, wrongGuesses: 1 });
    expect(await store.claimGuess(wrong)).toMatchObject({ isNewGuess: false, wrongGuesses: 1 });
    await store.releaseGuess(wrong, { digest: true, place: false });
    expect(await store.claimGuess(guessOf(code))).toMatchObject({ isNewGuess: false, wrongGuesses: 0 });
  });
});

describe("a wrong guess whose place was overtaken", () => {
  it("goes with its place, which stays while another of its holder's is left", async () => {
    const code = issue();
    const place = guessPlace(code.nonce, "holder" as Holder);
    const [one, other] = [guessOf(code, { place, isRight: false }), guessOf(code, { place, isRight: false })];
    await store.openSend(await sendOf({ firstCode: code }));
    await store.claimGuess(one);
    await store.claimGuess(other);
    const isThere = async () => {
      const { log } = await store.claimGuess(guessOf(code, { place }));
      return log.some(({ member }) => member === place);
    };
    await store.releaseOvertaken(one, { digest: true });
    expect(await isThere()).toBe(true);
    await store.releaseOvertaken(other, { digest: true });
    expect(await isThere()).toBe(false);
  });
});

describe("a place that was claimed in vain", () => {
  it("is released, and told apart from one that was claimed before", async () => {
    const code = issue();
    const place = guessPlace(code.nonce, "holder" as Holder);
    const wrong = guessOf(code, { place, isRight: false });
    await store.openSend(await sendOf({ firstCode: code }));
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(true);
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(false);
    expect((await store.claimGuess(guessOf(code, { place }))).isNewPlace).toBe(false);
    await store.releaseGuess(wrong, { digest: false, place: true });
    // A right guess takes none, so that it has none to give back.
    expect((await store.claimGuess(guessOf(code, { place }))).isNewPlace).toBe(false);
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(true);
  });
});
