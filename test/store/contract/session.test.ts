import { describe, expect, it } from "vitest";
import type { SessionId, Subject } from "../../../src/ids.ts";
import { guessOf, issue, now, sendOf, store, subject, text, upstreams, useStore } from "./ground.ts";

useStore();

describe("a session", () => {
  const sid = () => text() as SessionId;
  const open = async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const guess = guessOf(code);
    const claimed = await store.claimGuess(guess);
    return { guess, claimed, ref: { subject, sid: guess.session.sid } };
  };
  const use = (ref: { subject: Subject; sid: SessionId }, generation: number | null, at = now) =>
    store.useSession({ ...ref, now: at, ttlSeconds: 600, generation });

  it("is opened by a right guess in the same transaction, once, and by no wrong one", async () => {
    const { guess, claimed, ref } = await open();
    expect(claimed.session.record).toBe("sealed");
    const again = await store.claimGuess({ ...guess, session: { ...guess.session, sealedRecord: "other" } });
    expect(again.session.record).toBe("sealed");
    const wrong = { ...guess, isRight: false, session: { ...guess.session, sid: sid() } };
    expect((await store.claimGuess(wrong)).session.record).toBeNull();
    expect((await use({ subject, sid: wrong.session.sid }, null)).record).toBeNull();
    expect((await store.listSessions(subject, 0)).map((listed) => listed.sid)).toEqual([ref.sid]);
  });

  it("agrees on when a generation was first used, among fifty at once", async () => {
    const { ref } = await open();
    const states = await Promise.all(Array.from({ length: 50 }, (_, index) => use(ref, 0, now + index)));
    expect(new Set(states.map((state) => state.firstUses.get(0))).size).toBe(1);
  });

  it("remembers the last generations and forgets those before, eight at once", async () => {
    const { ref } = await open();
    const known = async () => [...(await use(ref, null)).firstUses.keys()];
    for (let generation = 0; generation < 8; generation += 1) await use(ref, generation, now + generation);
    expect(await known()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await use(ref, 8, now + 8);
    expect([...(await use(ref, null)).firstUses]).toEqual([
      [7, now + 7],
      [8, now + 8],
    ]);
    for (let generation = 9; generation < 16; generation += 1) await use(ref, generation);
    // As if the transaction of the sixteenth were lost.
    for (let generation = 17; generation <= 24; generation += 1) await use(ref, generation);
    expect(await known()).toEqual([23, 24]);
  });

  it("slides with each use, and is listed for as long as it can live without another sign-in", async () => {
    const { ref } = await open();
    const left = async (key: string) => {
      const reply = await upstreams.backend.single(["TTL", key]);
      return "result" in reply ? Number(reply.result) : NaN;
    };
    const [session, index] = [`session:${subject}:${ref.sid}`, `sessions:${subject}`];
    expect(await left(session)).toBeLessThanOrEqual(600);
    expect(await left(index)).toBeGreaterThan(7100);
    for (const generation of [null, 0]) {
      for (const ttlSeconds of [1000, 200_000, 300_000]) {
        await store.useSession({ ...ref, now, ttlSeconds, generation });
        expect(await left(session)).toBeGreaterThan(ttlSeconds - 100);
      }
      await store.useSession({ ...ref, now, ttlSeconds: 180_000, generation });
      expect(await left(session)).toBeLessThanOrEqual(180_000);
      await upstreams.backend.single(["EXPIRE", session, "600"]);
    }
    expect(await left(index)).toBeLessThanOrEqual(7200);
  });

  it("that has ended stays ended, keeps nothing of the person, and is not listed, whatever comes late", async () => {
    const { guess, ref } = await open();
    await store.attachProfile(ref, "profile");
    await store.endSessions(subject, [ref.sid], "stolen");
    await store.endSessions(subject, [ref.sid], "signed_out");
    const late = await store.claimGuess(guess);
    expect(late.session.ended).toBe("stolen");
    expect(await use(ref, 0)).toMatchObject({ ended: "stolen", profile: null });
    await store.endSessions(subject, [ref.sid], "signed_out");
    expect(await store.listSessions(subject, 0)).toEqual([]);
  });

  it("that was taken back is over, and a transaction that comes late does not open it again", async () => {
    const { guess, ref } = await open();
    await store.undoSignIn(ref, guess.attempt);
    expect((await store.claimGuess(guess)).session.ended).toBe("refused");
    expect(await store.listSessions(subject, 0)).toEqual([{ sid: ref.sid, lastUsedAt: now }]);
    expect((await store.readSessions(subject, [ref.sid]))[0]?.ended).toBe("refused");
  });

  it("that has ended is remembered for two days, however short its own life was", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const guess = guessOf(code, {
      session: { sid: sid(), sealedRecord: "sealed", ttlSeconds: 5, lifetimeSeconds: 60 },
    });
    const ref = { subject, sid: guess.session.sid };
    await store.claimGuess(guess);
    await store.endSessions(subject, [ref.sid], "signed_out");
    await store.useSession({ ...ref, now, ttlSeconds: 5, generation: 0 });
    await store.claimGuess(guess);
    const left = await upstreams.backend.single(["TTL", `session:${subject}:${ref.sid}`]);
    expect("result" in left && Number(left.result)).toBeGreaterThan(172_000);
  });

  it("is forgotten by the list when it has not been used since", async () => {
    const { ref } = await open();
    expect((await store.listSessions(subject, now)).length).toBe(1);
    expect((await store.listSessions(subject, now + 1)).length).toBe(0);
    expect((await store.readSessions(subject, [ref.sid]))[0]?.record).toBe("sealed");
  });

  it("keeps the profile that was attached first", async () => {
    const { ref } = await open();
    await store.attachProfile(ref, "first");
    expect((await store.attachProfile(ref, "second")).profile).toBe("first");
  });

  it("is listed with its last use, the latest first", async () => {
    const first = await open();
    const second = guessOf(issue());
    await store.claimGuess(second);
    await use(first.ref, null, now + 1000);
    expect(await store.listSessions(subject, 0)).toEqual([
      { sid: first.ref.sid, lastUsedAt: now + 1000 },
      { sid: second.session.sid, lastUsedAt: now },
    ]);
    const states = await store.readSessions(subject, [second.session.sid, sid(), first.ref.sid]);
    expect(states.map(({ record }) => record)).toEqual(["sealed", null, "sealed"]);
  });

  it("is not made by a use of none, and what is written then has a TTL", async () => {
    for (const ttlSeconds of [600, 200_000]) {
      const ref = { subject, sid: sid() };
      const used = await store.useSession({ ...ref, now, ttlSeconds, generation: 3 });
      expect(used.record).toBeNull();
      expect(await store.listSessions(subject, 0)).toEqual([]);
      const ttl = await upstreams.backend.single(["TTL", `session:${subject}:${ref.sid}`]);
      expect("result" in ttl && Number(ttl.result)).toBeGreaterThan(172_000);
    }
  });
});
