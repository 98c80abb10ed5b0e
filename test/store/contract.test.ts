import type { AttemptId, Holder, InvocationId, SendId, SessionId, Subject } from "../../src/ids.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/policy.ts";
import type { IssuedCode } from "../../src/otp/chain.ts";
import { liveCode } from "../../src/otp/chain.ts";
import { createCodeSecrets, createNonce } from "../../src/otp/codes.ts";
import { createIdentity } from "../../src/otp/identity.ts";
import type { Guess, OpenSend, Store } from "../../src/store/port.ts";
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
    address,
    now,
    sendId: text() as SendId,
    isKeyed: false,
    invocation: newInvocation(),
    firstCode: issue(),
    counter: { purpose: "send", address, window: Math.floor(now / 3_600_000) },
    budgets: [{ date: text(), scope: "all" }],
    ...overrides,
  };
}

function guessOf(code: IssuedCode, overrides: Partial<Guess> = {}): Guess {
  return {
    subject,
    nonce: code.nonce,
    holder: "holder" as Holder,
    attempt: text() as AttemptId,
    now,
    guessDigest: text(),
    isRight: true,
    session: { sid: text() as SessionId, sealedRecord: "sealed", ttlSeconds: 600 },
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

  it("drops what is a day old from the log, and keeps a flood small", async () => {
    await store.openSend(await sendOf({ now: now - 86_400_001 }));
    const { log } = await store.openSend(await sendOf());
    expect(log.length).toBe(1);
    for (let index = 0; index < 80; index += 1) await store.openSend(await sendOf({ now: now + index }));
    const flooded = await store.openSend(await sendOf({ now: now + 100 }));
    expect(flooded.log.length).toBe(60);
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

  it("counts a hundred different wrong guesses up to two above the budget, each number below it once", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    const guesses = Array.from({ length: 100 }, () => guessOf(code, { isRight: false }));
    const counts = (await Promise.all(guesses.map((guess) => store.claimGuess(guess)))).map(
      ({ wrongGuesses }) => wrongGuesses,
    );
    expect(counts.filter((count) => count <= 6).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(counts.filter((count) => count > 6).every((count) => count === 7)).toBe(true);
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

  it("works as much for a wrong guess as for a right one", async () => {
    const code = issue();
    await store.openSend(await sendOf({ firstCode: code }));
    upstreams.store.reset();
    await store.claimGuess(guessOf(code));
    await store.claimGuess(guessOf(code, { isRight: false }));
    const [right, wrong] = upstreams.store.exchanges.map(
      ({ body }) => (JSON.parse(body) as unknown[]).length,
    );
    expect(right).toBe(wrong);
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

  it("remembers the last generations and forgets those before", async () => {
    const { ref } = await open();
    for (let generation = 0; generation < 6; generation += 1) await use(ref, generation, now + generation);
    expect([...(await use(ref, null)).firstUses]).toEqual([
      [4, now + 4],
      [5, now + 5],
    ]);
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
    const guess = guessOf(code, { session: { sid: sid(), sealedRecord: "sealed", ttlSeconds: 5 } });
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
    const ref = { subject, sid: sid() };
    expect((await use(ref, 3)).record).toBeNull();
    expect(await store.listSessions(subject, 0)).toEqual([]);
    const ttl = await upstreams.backend.single(["TTL", `session:${subject}:${ref.sid}`]);
    expect("result" in ttl && Number(ttl.result)).toBeGreaterThan(0);
  });
});

describe("withdrawing and refunding", () => {
  it("leaves the log and the askers as if the send had never been", async () => {
    const [kept, withdrawn, refunded] = [await sendOf(), await sendOf(), await sendOf()];
    for (const send of [kept, withdrawn, refunded]) await store.openSend(send);
    await store.withdrawSend({ ...withdrawn, ran: false });
    await store.withdrawSend({ ...withdrawn, ran: false });
    await store.refundSend({ ...refunded, ran: false });
    const { log, chain } = await store.openGuess({ ...kept.counter, purpose: "verify" }, subject);
    expect(log.map((logged) => logged.invocation)).toEqual([kept.invocation.id]);
    expect([...chain.askers.keys()]).toEqual([kept.invocation.id]);
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
    await store.sweepLog(subject, [stale.invocation.id, staler.invocation.id]);
    const { log } = await store.openGuess({ ...kept.counter, purpose: "verify" }, subject);
    expect(log.map((logged) => logged.invocation)).toEqual([kept.invocation.id]);
  });

  it("is sent once, even when its reply is lost", async () => {
    const send = await sendOf();
    await store.openSend(send);
    upstreams.store.reset();
    upstreams.store.plan(() => "drop_after");
    await expect(store.refundSend({ ...send, ran: true })).rejects.toMatchObject({
      name: "StoreUnavailable",
    });
    await expect(store.refundGuess(send.counter)).rejects.toMatchObject({ name: "StoreUnavailable" });
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
    await store.openGuess({ ...send.counter, purpose: "verify" }, subject);
    await store.refundGuess({ ...send.counter, purpose: "verify", window: 1 });
    await store.claimGuess(guessOf(code));
    await store.claimGuess(guessOf(code, { isRight: false }));
    await store.probe();
    await store.endSessions(subject, [text() as SessionId], "signed_out");
    await store.attachProfile({ subject, sid: text() as SessionId }, "sealed");
    await store.useSession({ subject, sid: text() as SessionId, now, ttlSeconds: 60, generation: 0 });
    subject = await identity.subject("driver", "+919876543210");
    await store.claimGuess(guessOf(code));
    subject = await identity.subject("transporter", "+919876543210");
    await store.claimGuess(guessOf(code, { isRight: false }));
    await store.refundSend({ ...late, ran: true, budgets: [{ date: text(), scope: "all" }] });
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
      .openGuess({ purpose: "verify", address: "a" as never, window: 1 }, subject)
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
    const transact = connectUpstash({ url, token, timeoutMs: 150 });
    const hasty = createUpstashStore({ transact, transactBriefly: transact }, policy);
    upstreams.store.plan(() => fault);
    await expect(hasty.attachProfile({ subject, sid: "sid" as SessionId }, "sealed")).rejects.toMatchObject({
      name: "StoreUnavailable",
      reason,
    });
    expect(upstreams.store.exchanges.length).toBe(2);
  });

  it.each([
    ["a count that is null", (replies: unknown[]) => replies.with(5, null)],
    ["a count of 0 after counting", (replies: unknown[]) => replies.with(5, 0)],
    ["a negative count", (replies: unknown[]) => replies.with(5, -3)],
    ["a count that is text", (replies: unknown[]) => replies.with(5, "many")],
    ["the hour before as nonsense", (replies: unknown[]) => replies.with(6, "NaN")],
    ["a log with a score that is no number", (replies: unknown[]) => replies.with(3, ["id", "soon"])],
    ["half of a log", (replies: unknown[]) => replies.with(3, ["id"])],
    ["no log", (replies: unknown[]) => replies.with(3, null)],
    ["a budget that is missing", (replies: unknown[]) => replies.with(8, null)],
    ["an empty hash", (replies: unknown[]) => replies.with(12, [])],
    ["a hash with a code that is none", (replies: unknown[]) => replies.with(12, ["seed", "1.2"])],
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
});
