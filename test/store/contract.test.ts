import type { AttemptId, Holder, InvocationId, PhoneId, SendId, SessionId, Subject } from "../../src/ids.ts";
import { tagOf } from "../../src/ids.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/policy.ts";
import type { IssuedCode } from "../../src/otp/chain.ts";
import { liveCode } from "../../src/otp/chain.ts";
import { createCodeSecrets, createNonce } from "../../src/otp/codes.ts";
import { createIdentity } from "../../src/otp/identity.ts";
import type { Watched } from "../../src/store/guard-port.ts";
import type { Guess } from "../../src/store/guess-port.ts";
import type { Store } from "../../src/store/port.ts";
import type { OpenSend } from "../../src/store/send-port.ts";
import { guessPlace } from "../../src/store/keys.ts";
import { connectUpstash } from "../../src/store/transaction.ts";
import { createUpstashStore } from "../../src/store/upstash.ts";
import { bytesOf } from "../harness/random.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { randomSecret, startUpstreams } from "../harness/upstreams.ts";

/** The promises of the port, over the wire: on the embedded engine, and with REDIS_URL set on a real Redis. */
const policy = policySchema.parse({});
const secrets = await createCodeSecrets(bytesOf("otp secret of the tests, 32 bytes long"), null);
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

let upstreams: Upstreams;
let store: Store;
let subject: Subject;
let phoneId: PhoneId;
let identity: Awaited<ReturnType<typeof createIdentity>>;
beforeAll(async () => {
  upstreams = await startUpstreams();
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = upstreams.bindings;
  const transact = connectUpstash({ url, token, timeoutMs: 10_000 });
  store = createUpstashStore({ transact, transactBriefly: transact }, policy);
});
beforeEach(async () => {
  identity = await createIdentity(bytesOf(randomSecret()));
  subject = await identity.subject("customer", "+919876543210");
  phoneId = await identity.phoneId("+919876543210");
  upstreams.store.reset();
});
afterAll(() => upstreams.close());

const now = Date.now();
const text = () => crypto.randomUUID();
const issue = (): IssuedCode => ({ nonce: createNonce(secrets.current, random), issuedAt: now });
const newInvocation = () => ({ id: text() as InvocationId, startedAt: now });

async function sendOf(overrides: Partial<OpenSend> = {}): Promise<OpenSend> {
  const address = await identity.address("203.0.113.1");
  return {
    subject,
    phoneId,
    address,
    now,
    sendId: text() as SendId,
    isKeyed: false,
    invocation: newInvocation(),
    firstCode: issue(),
    counter: { purpose: "send", address, window: Math.floor(now / 3_600_000) },
    budgets: [{ date: text(), scope: "all" }],
    watched: await watchedOf("+919876543210"),
    ...overrides,
  };
}

async function watchedOf(phone: string): Promise<Watched> {
  const [prefix, line, network] = await Promise.all([
    identity.prefix(phone),
    identity.line(phone),
    identity.network({ clientAddress: "203.0.113.1", operator: null, country: "IN" }),
  ]);
  // A country of its own for each test: its counters are nobody else's.
  return { prefix, line, network, country: prefix.slice(0, 6) };
}

function guessOf(code: IssuedCode, overrides: Partial<Guess> = {}): Guess {
  return {
    subject,
    phoneId,
    nonce: code.nonce,
    holder: "holder" as Holder,
    attempt: text() as AttemptId,
    now,
    guessDigest: text(),
    isRight: true,
    session: { sid: text() as SessionId, sealedRecord: "sealed", ttlSeconds: 600, lifetimeSeconds: 7200 },
    place: null,
    watched: null,
    ...overrides,
  };
}

describe("openSend", () => {
  it("agrees on one first code, whoever asks and how many at once", async () => {
    const sends = await Promise.all(Array.from({ length: 20 }, () => sendOf()));
    const opened = await Promise.all(sends.map((send) => store.openSend(send)));
    expect(new Set(opened.map(({ chain }) => liveCode(chain)?.nonce)).size).toBe(1);
  });

  it("shows each of twenty at once the ones before it, in one order", async () => {
    const sends = await Promise.all(Array.from({ length: 20 }, () => sendOf()));
    const opened = await Promise.all(sends.map((send) => store.openSend(send)));
    expect(opened.map(({ log }) => log.length).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it("executed twice changes nothing but the counters, which fail closed", async () => {
    const send = await sendOf({ isKeyed: true });
    const first = await store.openSend(send);
    const second = await store.openSend(send);
    expect(second.chain).toEqual(first.chain);
    expect(second.log).toEqual(first.log);
    expect(second.runs).toEqual(first.runs);
    expect(second.count.current).toBe(first.count.current + 1);
    expect(second.budgetCounts).toEqual([2]);
  });

  it("reads no more of a flood than a day allows and some that wait for their refund, the first of them", async () => {
    const sends = [];
    for (let index = 0; index < 80; index += 1) {
      const send = await sendOf({ now: now + index });
      sends.push(send.invocation.id);
      await store.openSend(send);
    }
    const { log } = await store.openSend(await sendOf({ now: now + 100 }));
    expect(log.map(({ member }) => member)).toEqual(sends.slice(0, 63));
  });

  it("has the sends of all roles of a number in one log, each with who asked", async () => {
    const [first, second] = [await sendOf(), await sendOf({ now: now + 1 })];
    const driver = await identity.subject("driver", "+919876543210");
    await store.openSend(first);
    const { log } = await store.openSend({ ...second, subject: driver });
    const asker = ({ address, sendId }: OpenSend) => ({ address, sendId });
    expect(log).toEqual([
      { member: first.invocation.id, of: tagOf(subject), kind: "send", at: now, asker: asker(first) },
      { member: second.invocation.id, of: tagOf(driver), kind: "send", at: now + 1, asker: asker(second) },
    ]);
    expect(tagOf(subject)).not.toBe(tagOf(driver));
  });

  it("counts each budget of a day by itself", async () => {
    const date = text();
    const [all, india] = [
      { date, scope: "all" },
      { date, scope: "IN" },
    ];
    expect((await store.openSend(await sendOf({ budgets: [all, india] }))).budgetCounts).toEqual([1, 1]);
    expect((await store.openSend(await sendOf({ budgets: [all] }))).budgetCounts).toEqual([2]);
    expect((await store.openSend(await sendOf({ budgets: [india, all] }))).budgetCounts).toEqual([2, 3]);
    expect((await store.openSend(await sendOf({ budgets: [] }))).budgetCounts).toEqual([]);
  });

  it("reads the hour before from its own key", async () => {
    const send = await sendOf();
    const before = { ...send.counter, window: send.counter.window - 1 };
    await store.openSend({ ...send, invocation: newInvocation(), counter: before });
    await store.openSend({ ...send, invocation: newInvocation(), counter: before });
    expect((await store.openSend(send)).count).toEqual({ current: 1, previous: 2 });
  });
});

describe("replaceCode", () => {
  it("agrees on one successor of many at once", async () => {
    const { firstCode } = await sendOf();
    await store.openSend(await sendOf({ firstCode }));
    const chains = await Promise.all(
      Array.from({ length: 20 }, () => store.replaceCode(subject, firstCode.nonce, issue())),
    );
    expect(new Set(chains.map((chain) => liveCode(chain)?.nonce)).size).toBe(1);
  });

  it("that arrives late changes nothing", async () => {
    const first = issue();
    const second = issue();
    const third = issue();
    await store.openSend(await sendOf({ firstCode: first }));
    await store.replaceCode(subject, first.nonce, second);
    await store.replaceCode(subject, second.nonce, third);
    const chain = await store.replaceCode(subject, first.nonce, issue());
    expect(chain.codes).toEqual([first, second, third]);
  });

  it("claims the old code too: a win that was first stays, and one that comes after is none", async () => {
    const [first, second, third] = [issue(), issue(), issue()];
    await store.openSend(await sendOf({ firstCode: first }));
    const won = guessOf(first);
    await store.claimGuess(won);
    const chain = await store.replaceCode(subject, first.nonce, second);
    expect(chain.winners.get(first.nonce)).toBe(won.attempt);
    await store.replaceCode(subject, second.nonce, third);
    const late = await store.claimGuess(guessOf(second));
    expect(late.chain.winners.get(second.nonce)).toBe("replaced");
  });
});

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

describe("a place that was claimed in vain", () => {
  it("is released, and told apart from one that was claimed before", async () => {
    const code = issue();
    const place = guessPlace(code.nonce, "holder" as Holder);
    const wrong = guessOf(code, { place, isRight: false });
    await store.openSend(await sendOf({ firstCode: code }));
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(true);
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(false);
    expect((await store.claimGuess(guessOf(code, { place }))).isNewPlace).toBe(false);
    await store.releasePlace({ subject, phoneId }, place);
    expect((await store.claimGuess(wrong)).isNewPlace).toBe(true);
  });
});

describe("the runs of a keyed send", () => {
  it("have one owner, and one successor once that one has failed", async () => {
    const sendId = text() as SendId;
    const sends = await Promise.all(
      Array.from({ length: 12 }, () => sendOf({ sendId, isKeyed: true, invocation: newInvocation() })),
    );
    const runs = await Promise.all(
      sends.map(async (send) => (await store.openSend(send)).runs.at(-1)?.invocation.id),
    );
    expect(new Set(runs).size).toBe(1);
    const owner = sends.find(({ invocation }) => invocation.id === runs[0]);
    if (owner === undefined) throw new Error("no owner");
    await store.closeSend(owner, { kind: "failed" });
    const others = sends.filter((send) => send !== owner);
    const successors = await Promise.all(
      others.map(async (send) => (await store.takeOverSend(send, owner.invocation)).at(-1)?.invocation.id),
    );
    expect(new Set(successors).size).toBe(1);
  });

  it("keep the ending that was recorded first", async () => {
    const send = await sendOf({ isKeyed: true });
    const code = issue();
    await store.openSend(send);
    await store.closeSend(send, { kind: "accepted", code });
    await store.closeSend(send, { kind: "failed" });
    expect((await store.openSend(send)).runs).toEqual([
      { invocation: send.invocation, outcome: { kind: "accepted", code } },
    ]);
  });
});

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

describe("withdrawing and refunding", () => {
  it("leaves the log as if the send had never been", async () => {
    const [kept, withdrawn, refunded] = [await sendOf(), await sendOf(), await sendOf()];
    for (const send of [kept, withdrawn, refunded]) await store.openSend(send);
    await store.withdrawSend({ ...withdrawn, ran: false });
    await store.withdrawSend({ ...withdrawn, ran: false });
    await store.refundSend({ ...refunded, ran: false });
    const { log } = await store.openGuess({ ...kept.counter, purpose: "verify" }, { subject, phoneId });
    expect(log.map((logged) => logged.member)).toEqual([kept.invocation.id]);
  });

  it("leaves the next run of its key all the time that a code lives", async () => {
    const failed = await sendOf({ isKeyed: true });
    await store.withdrawSend({ ...failed, ran: true });
    const sent = `sent:${subject}:${failed.sendId}`;
    await upstreams.backend.single(["EXPIRE", sent, "20"]);
    await store.openSend(await sendOf({ isKeyed: true, sendId: failed.sendId }));
    const ttl = await upstreams.backend.single(["TTL", sent]);
    expect("result" in ttl && Number(ttl.result)).toBeGreaterThan(290);
  });

  it("counts back what was counted", async () => {
    const send = await sendOf();
    await store.openSend(send);
    await store.refundSend({ ...send, ran: false });
    const opened = await store.openSend(await sendOf({ budgets: send.budgets, counter: send.counter }));
    expect([opened.budgetCounts, opened.count.current]).toEqual([[1], 1]);
  });

  it("sweeps the log of what never withdrew itself", async () => {
    const [kept, stale, staler] = [await sendOf(), await sendOf(), await sendOf()];
    for (const send of [kept, stale, staler]) await store.openSend(send);
    const counter = { ...kept.counter, purpose: "verify" } as const;
    const found = (await store.openGuess(counter, { subject, phoneId })).log;
    const left = new Set<string>([stale.invocation.id, staler.invocation.id]);
    await store.sweepLog(
      phoneId,
      found.filter(({ member }) => left.has(member)),
    );
    const { log } = await store.openGuess(counter, { subject, phoneId });
    expect(log.map((logged) => logged.member)).toEqual([kept.invocation.id]);
  });

  it("is sent once, even when its reply is lost", async () => {
    const send = await sendOf();
    await store.openSend(send);
    upstreams.store.reset();
    upstreams.store.plan(() => "drop_after");
    await expect(store.refundSend({ ...send, ran: true })).rejects.toMatchObject({
      name: "StoreUnavailable",
    });
    await expect(store.refundGuess(send.counter, { subject, phoneId })).rejects.toMatchObject({
      name: "StoreUnavailable",
    });
    expect(upstreams.store.exchanges.length).toBe(2);
  });
});

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
    subject = await identity.subject("driver", "+919876543210");
    await store.claimGuess(guessOf(code));
    subject = await identity.subject("transporter", "+919876543210");
    phoneId = await identity.phoneId("+919876543211");
    await store.claimGuess(guessOf(code, { isRight: false, place }));
    await store.refundSend({
      ...late,
      watched: unseen,
      ran: true,
      budgets: [{ date: text(), scope: "all" }],
    });
    await store.withdrawSend({ ...late, ran: true, subject });
    const keys = await upstreams.backend.single(["KEYS", "*"]);
    if (!("result" in keys) || !Array.isArray(keys.result)) throw new Error("no keys");
    expect(keys.result.length).toBeGreaterThan(8);
    for (const key of keys.result) {
      const ttl = await upstreams.backend.single(["TTL", String(key)]);
      expect([key, "result" in ttl && ttl.result !== -1]).toEqual([key, true]);
    }
  });
});

describe("a request to the store", () => {
  it("is one /multi-exec with the bearer token, and asks for no encoding and sends no telemetry", async () => {
    await store.probe();
    const [exchange] = upstreams.store.exchanges;
    expect([upstreams.store.exchanges.length, exchange?.path]).toEqual([1, "/multi-exec"]);
    const token = upstreams.bindings["UPSTASH_REDIS_REST_TOKEN"];
    expect(exchange?.headers["authorization"]).toBe(`Bearer ${token ?? ""}`);
    const names = Object.keys(exchange?.headers ?? {});
    expect(names.filter((name) => name.startsWith("upstash-"))).toEqual([]);
  });
});

/** The last command of a send reads all texts. */
function textAt(replies: unknown[], place: number, nonsense: string): unknown[] {
  return replies.with(20, (replies[20] as unknown[]).with(place, nonsense));
}

describe("a store that cannot answer", () => {
  const ok = (replies: readonly unknown[]) => JSON.stringify(replies.map((result) => ({ result })));

  it.each([
    ["401", { status: 401, body: '{"error":"WRONGPASS invalid or missing auth token"}' }, "refused", 1],
    ["400 that quotes the command", { status: 400, body: '{"error":"ERR unknown command"}' }, "refused", 1],
    ["500", { status: 500, body: '{"error":"internal"}' }, "refused", 1],
    ["502 in HTML", { status: 502, body: "<html>bad gateway</html>" }, "malformed", 2],
    ["200 that is not JSON", { status: 200, body: "OK" }, "malformed", 2],
    ["200 with an object", { status: 200, body: '{"result":"OK"}' }, "network", 2],
    ["200 with too few replies", { status: 200, body: ok(["OK"]) }, "malformed", 2],
    ["200 with no replies", { status: 200, body: "[]" }, "malformed", 2],
    ["a reply that is missing", { status: 200, body: '[{"result":"OK"},{}]' }, "malformed", 2],
    [
      "a write that was refused",
      {
        status: 200,
        body: '[{"error":"READONLY You can\'t write against a read only replica."},{"result":"1"}]',
      },
      "refused",
      1,
    ],
    ["a redirect", { status: 307, body: "", headers: { location: "http://localhost:1/" } }, "malformed", 2],
  ] as const)("%s is StoreUnavailable", async (_, fault, reason, requests) => {
    upstreams.store.plan(() => fault);
    const failure = store.attachProfile({ subject, sid: "sid" as SessionId }, "sealed").then(
      () => null,
      (error: unknown) => error as { reason: string },
    );
    if (requests === 2 || reason === "refused") await failure;
    const repeatable = await store
      .openGuess({ purpose: "verify", address: "a" as never, window: 1 }, { subject, phoneId })
      .then(
        () => null,
        (error: unknown) => error as Error & { reason: string },
      );
    expect(repeatable).toMatchObject({ name: "StoreUnavailable" });
    expect(repeatable?.message).toMatch(/^store: (timeout|network|refused|malformed)$/);
    expect(upstreams.store.exchanges.length).toBeGreaterThanOrEqual(requests);
  });

  it.each([
    ["drop_before", "network"],
    ["drop_after", "network"],
    ["cut_in_body", "network"],
    ["hang_before", "timeout"],
    ["hang_after", "timeout"],
    ["stall_in_body", "timeout"],
  ] as const)("%s is tried twice, then StoreUnavailable", async (fault, reason) => {
    const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = upstreams.bindings;
    const transact = connectUpstash({ url, token, timeoutMs: reason === "timeout" ? 150 : 10_000 });
    const hasty = createUpstashStore({ transact, transactBriefly: transact }, policy);
    upstreams.store.plan(() => fault);
    await expect(hasty.attachProfile({ subject, sid: "sid" as SessionId }, "sealed")).rejects.toMatchObject({
      name: "StoreUnavailable",
      reason,
    });
    expect(upstreams.store.exchanges.length).toBe(2);
  });

  it.each([
    ["a count that is null", (replies: unknown[]) => replies.with(3, null)],
    ["a count of 0 after counting", (replies: unknown[]) => replies.with(3, 0)],
    ["a negative count", (replies: unknown[]) => replies.with(3, -3)],
    ["a count that is text", (replies: unknown[]) => replies.with(3, "many")],
    ["a log with a score that is no number", (replies: unknown[]) => replies.with(1, ["s.id.a.b", "soon"])],
    ["a log of what we never wrote", (replies: unknown[]) => replies.with(1, ["id", "1"])],
    ["half of a log", (replies: unknown[]) => replies.with(1, ["s.id.a.b"])],
    ["no log", (replies: unknown[]) => replies.with(1, null)],
    ["a budget that is missing", (replies: unknown[]) => replies.with(5, null)],
    ["an empty hash", (replies: unknown[]) => replies.with(8, [])],
    ["a hash with a code that is none", (replies: unknown[]) => replies.with(8, ["seed", "1.2"])],
    ["no sends to the prefix", (replies: unknown[]) => replies.with(11, null)],
    ["a country's count of 0 after counting", (replies: unknown[]) => replies.with(13, 0)],
    ["a country's verified as nonsense", (replies: unknown[]) => replies.with(15, "many")],
    ["a network's count that is missing", (replies: unknown[]) => replies.with(16, null)],
    ["a network's verified that are missing", (replies: unknown[]) => replies.with(18, null)],
    ["sign-ins that are missing", (replies: unknown[]) => replies.with(19, null)],
    ["the hour before as nonsense", (replies: unknown[]) => textAt(replies, 0, "NaN")],
    ["a window of a country as nonsense", (replies: unknown[]) => textAt(replies, 3, "many")],
    ["a window of a network as nonsense", (replies: unknown[]) => textAt(replies, 9, "many")],
    ["a hold that is none", (replies: unknown[]) => textAt(replies, 14, "soon")],
    ["too few texts", (replies: unknown[]) => replies.with(20, ["1", "2"])],
    ["no texts", (replies: unknown[]) => replies.with(20, null)],
  ])("%s refuses", async (_, change) => {
    upstreams.store.plan(() => ({
      rewrite(body) {
        const replies = (JSON.parse(body) as { result: unknown }[]).map(({ result }) => result);
        return ok(change(replies));
      },
    }));
    await expect(store.openSend(await sendOf())).rejects.toMatchObject({
      name: "StoreUnavailable",
      reason: "malformed",
    });
  });

  it.each([
    ["openSend", async () => store.openSend(await sendOf())],
    [
      "openGuess",
      () => store.openGuess({ purpose: "verify", address: "a" as never, window: 1 }, { subject, phoneId }),
    ],
    ["claimGuess, right", () => store.claimGuess(guessOf(issue()))],
    ["claimGuess, wrong", () => store.claimGuess(guessOf(issue(), { isRight: false }))],
    ["replaceCode", () => store.replaceCode(subject, issue().nonce, issue())],
    ["takeOverSend", async () => store.takeOverSend(await sendOf(), newInvocation())],
    [
      "useSession",
      () =>
        store.useSession({ subject, sid: "sid" as SessionId, now: 1, ttlSeconds: null, generation: null }),
    ],
  ])("a hash of somebody else is none that does not exist: %s refuses", async (_, ask) => {
    upstreams.store.plan(({ body }) => ({
      rewrite(replied) {
        const commands = JSON.parse(body) as (readonly string[])[];
        const replies = (JSON.parse(replied) as { result: unknown }[]).map(({ result }) => result);
        return ok(
          replies.map((reply, index) =>
            /^hgetall$/i.test(commands[index]?.[0] ?? "") ? ["strange", "1"] : reply,
          ),
        );
      },
    }));
    await expect(ask()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "malformed" });
  });
});
