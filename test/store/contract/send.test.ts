import type { IssuedCode } from "../../../src/store/code-chain.ts";
import { describe, expect, it } from "vitest";
import type { SendId } from "../../../src/ids.ts";
import { tagOf } from "../../../src/ids.ts";
import { liveCode } from "../../../src/otp/chain.ts";
import type { OpenSend } from "../../../src/store/send-port.ts";
import {
  guessOf,
  identity,
  issue,
  newInvocation,
  now,
  phoneId,
  sendOf,
  store,
  subject,
  text,
  upstreams,
  useStore,
} from "./ground.ts";

useStore();

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

describe("forgetCodes", () => {
  async function chainOf(length: number): Promise<readonly IssuedCode[]> {
    const codes = Array.from({ length }, issue);
    await store.openSend(await sendOf({ firstCode: codes[0] ?? issue() }));
    for (const [index, code] of codes.slice(1).entries())
      await store.replaceCode(subject, codes[index]?.nonce ?? code.nonce, code);
    return codes;
  }
  const readChain = async () => (await store.openSend(await sendOf())).chain;

  it("leaves the codes behind them as they were", async () => {
    const codes = await chainOf(5);
    const won = guessOf(codes[4] ?? issue());
    await store.claimGuess(won);
    await store.forgetCodes(subject, await readChain(), 3);
    const chain = await readChain();
    expect(chain).toMatchObject({ codes: codes.slice(3), forgotten: 3 });
    expect([...chain.winners.values()]).toEqual(["replaced", won.attempt]);
    await store.forgetCodes(subject, chain, 1);
    expect(await readChain()).toMatchObject({ codes: codes.slice(4), forgotten: 4 });
    expect(await upstreams.backend.single(["HLEN", `otp:${subject}`])).toEqual({ result: 3 });
  });

  it("leaves nothing without a TTL where all was gone before it came", async () => {
    const [first, second] = [issue(), issue()];
    await store.forgetCodes(subject, { codes: [first, second], forgotten: 0, winners: new Map() }, 1);
    const ttl = await upstreams.backend.single(["TTL", `otp:${subject}`]);
    expect("result" in ttl ? Number(ttl.result) : NaN).toBeGreaterThan(0);
    // What it leaves is a code as good as any other.
    expect((await readChain()).codes).toEqual([second]);
  });

  it("is not undone by what comes late: a win, a replacement, a shorter forgetting", async () => {
    const codes = await chainOf(5);
    const [first, second] = codes;
    if (first === undefined || second === undefined) throw new Error("no codes");
    const before = await readChain();
    await store.forgetCodes(subject, before, 3);
    await store.claimGuess(guessOf(second));
    await store.replaceCode(subject, first.nonce, issue());
    await store.forgetCodes(subject, before, 1);
    expect(await readChain()).toMatchObject({ codes: codes.slice(3), forgotten: 3 });
    expect((await readChain()).winners.size).toBe(1);
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
