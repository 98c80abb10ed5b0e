import type { Holder, Nonce } from "../../src/ids.ts";
import { guessPlace } from "../../src/ids.ts";
import type { Guess } from "../../src/store/guess-port.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { embeddedBackend } from "../../src/local/redis/backend.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import type { Protocol } from "../harness/protocol.ts";
import { challengeIdOf, createProtocol, verdictOf } from "../harness/protocol.ts";
import { wrongGuess } from "../harness/service.ts";
import { createSessions } from "../harness/sessions.ts";
import type { RecordedTransaction, StoreMethod, StoreRecorder } from "../harness/store-recorder.ts";
import { recordStore } from "../harness/store-recorder.ts";
import { keysOf, ownerOf } from "./key-owner.ts";

/** What lets numbers be spread over several databases; test/sim/scale/README.md says how. */
let transactions: readonly RecordedTransaction[];
let methods: readonly string[];
beforeAll(async () => {
  const recorder = await recordStore(embeddedBackend(createEngine()));
  try {
    methods = await runAllFlows(recorder);
  } finally {
    recorder.close();
  }
  transactions = recorder.transactions;
});

const ownersIn = ({ commands }: RecordedTransaction) => commands.flatMap(keysOf).map(ownerOf);

function subjectsIn(transaction: RecordedTransaction): readonly string[] {
  return [...new Set(ownersIn(transaction).flatMap((owner) => ("subject" in owner ? [owner.subject] : [])))];
}

function phonesIn(transaction: RecordedTransaction): readonly string[] {
  return [...new Set(ownersIn(transaction).flatMap((owner) => ("phone" in owner ? [owner.phone] : [])))];
}

describe("all transactions of the port", () => {
  it("are made by these flows, each method at least once", () => {
    expect([...new Set(transactions.map(({ method }) => method))].sort()).toEqual(methods.toSorted());
  });

  it("touch the keys of at most one subject", () => {
    const crossing = transactions.filter((transaction) => subjectsIn(transaction).length > 1);
    expect(crossing.map(({ method }) => method)).toEqual([]);
  });

  it("touch the keys of at most one number, and a subject's only with those of its own", () => {
    const numbers = new Map<string, Set<string>>();
    for (const transaction of transactions) {
      const phones = phonesIn(transaction);
      expect(phones.length).toBeLessThanOrEqual(1);
      for (const subject of subjectsIn(transaction))
        numbers.set(subject, new Set([...(numbers.get(subject) ?? []), ...phones]));
    }
    expect([...numbers.values()].filter((phones) => phones.size > 1)).toEqual([]);
    const roles = Map.groupBy([...numbers.values()], ([phone]) => phone ?? "");
    expect(Math.max(...[...roles].map(([phone, subjects]) => (phone === "" ? 0 : subjects.length)))).toBe(2);
  });

  it("touch no subject's and no number's keys in four methods alone", () => {
    const without = transactions.filter(
      (transaction) => subjectsIn(transaction).length + phonesIn(transaction).length === 0,
    );
    expect([...new Set(without.map(({ method }) => method))].sort()).toEqual([
      "probe",
      "refundGuess",
      "startHold",
      "trimPrefix",
    ]);
  });

  it("follow from their arguments: the subject, the number, or the prefix that is held", () => {
    const subjects = [...new Set(transactions.flatMap(subjectsIn))];
    const astray = transactions.filter((transaction) => {
      const args = JSON.stringify(transaction.args);
      const own = [...subjectsIn(transaction), ...phonesIn(transaction)];
      if (own.length > 0) return !own.every((name) => args.includes(name));
      return ![...subjects, '"prefix"'].some((name) => args.includes(name));
    });
    expect(new Set(astray.map(({ method }) => method))).toEqual(new Set(["probe"]));
  });

  it("touch these shared keys beside, and no others", () => {
    const shared: Partial<Record<StoreMethod, string[]>> = {};
    for (const transaction of transactions) {
      const kinds = ownersIn(transaction).flatMap((owner) => ("shared" in owner ? [owner.shared] : []));
      const known = shared[transaction.method] ?? [];
      shared[transaction.method] = [...new Set([...known, ...kinds])].sort();
    }
    const touching = Object.entries(shared).filter(([, kinds]) => kinds.length > 0);
    expect(Object.fromEntries(touching)).toEqual({
      openSend: ["cty", "day", "hold", "ip", "net", "pfx"],
      refundSend: ["cty", "day", "ip", "net", "pfx"],
      withdrawSend: ["pfx"],
      openGuess: ["ip"],
      refundGuess: ["ip"],
      claimGuess: ["cty", "net", "pfx"],
      startHold: ["hold"],
      trimPrefix: ["pfx"],
      probe: ["ready"],
    });
  });

  it("are of many subjects", () => {
    expect(new Set(transactions.flatMap(subjectsIn)).size).toBeGreaterThan(8);
  });
});

/** Returns the names of all methods of the port. */
async function runAllFlows(recorder: StoreRecorder): Promise<readonly string[]> {
  const protocol = await createProtocol(recorder, { verifiesPerHourPerIp: 2 });
  recorder.watch(protocol.store);
  await sendInEveryWay(protocol, recorder);
  await guessInEveryWay(protocol);
  await pump(protocol);
  await protocol.store.probe();
  await holdSessions(recorder);
  return Object.keys(protocol.store);
}

/** First, again, too soon, after half of its life, keyed and repeated, refused by SNS, taken over, lost, swept up. */
async function sendInEveryWay(protocol: Protocol, recorder: StoreRecorder): Promise<void> {
  const { clock, smsOutcomes } = protocol;
  await protocol.send();
  await protocol.send({ role: "transporter" });
  await protocol.send();
  for (const seconds of [40, 160]) {
    clock.now += seconds * 1000;
    await protocol.send({ proven: true });
  }
  protocol.phone = "9876500001";
  smsOutcomes.push("rejected");
  for (const key of ["a", "a", "a", "b"]) await protocol.send({ key });
  protocol.phone = "9876500002";
  recorder.plan("reply_lost", "reply_lost");
  await expect(protocol.send({ key: "c" })).rejects.toThrow("network");
  await protocol.send();
  recorder.plan("pass", "request_lost", "request_lost");
  await protocol.send();
  clock.now += 40_000;
  await protocol.send();
}

/** By id and by address, wrong, right, again, keyed, until no guess is left, and over the limit of an address. */
async function guessInEveryWay(protocol: Protocol): Promise<void> {
  const { clock, identity, store, tried } = protocol;
  protocol.phone = "9876500003";
  const challengeId = challengeIdOf(await protocol.send());
  const code = tried.at(-1)?.code ?? "";
  for (const from of ["203.0.113.1", "198.51.100.7", "198.51.100.7", "198.51.100.7"])
    await protocol.verify(wrongGuess(code), { from });
  for (let offset = 1; offset <= 5; offset += 1)
    await protocol.verify(wrongGuess(code, offset), { challengeId });
  expect(verdictOf(await protocol.verify(code, { challengeId }))).toBe("out_of_guesses");
  protocol.phone = "9876500004";
  const another = challengeIdOf(await protocol.send());
  const right = { challengeId: another, key: "d" };
  expect(verdictOf(await protocol.verify(tried.at(-1)?.code ?? "", right))).toBe("verified");
  await protocol.verify(tried.at(-1)?.code ?? "", { challengeId: another });
  for (let offset = 1; offset <= 5; offset += 1)
    await protocol.verify(wrongGuess(tried.at(-1)?.code ?? "", offset), { challengeId: another });
  const subject = await identity.subject("customer", "+919876500004");
  await store.trimSignIns(subject);
  const codes = ["AAAAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBBBB"].map((nonce) => ({
    nonce: nonce as Nonce,
    issuedAt: clock.now,
  }));
  const [phoneId, nonce, holder] = [
    await identity.phoneId("+919876500004"),
    "AAAAAAAAAAAAAAAAAAAAAAAA" as Nonce,
    "holder" as Holder,
  ];
  const place = guessPlace(nonce, holder);
  const overtaken = { subject, phoneId, nonce, holder, place, guessDigest: "digest", now: clock.now };
  await store.releaseOvertaken(overtaken as Guess, { digest: true });
  await store.forgetCodes(subject, { codes, forgotten: 0, winners: new Map() }, 1);
}

/** To numbers of one prefix, until it is held; there is never so much of it that it has to be trimmed. */
async function pump(protocol: Protocol): Promise<void> {
  for (let number = 10; number < 20; number += 1) {
    protocol.phone = `98222000${number}`;
    protocol.clock.now += 60_000;
    await protocol.send({ from: `198.51.100.${number}` });
  }
  const [prefix, line, network] = await Promise.all([
    protocol.identity.prefix("+919822200010"),
    protocol.identity.line("+919822200010"),
    protocol.identity.network({ clientAddress: "198.51.100.10", operator: null, country: "IN" }),
  ]);
  await protocol.store.trimPrefix({ prefix, line, network, country: "IN" });
}

/** With a directory: opened, used, listed, refreshed, stolen, signed out one by one and everywhere. */
async function holdSessions(recorder: StoreRecorder): Promise<void> {
  const record = { id: null, name: null, email: null, company: null, preferredLanguage: null };
  const times = { isProfileComplete: true, isNewUser: false, createdAt: null, updatedAt: null, claims: {} };
  const sessions = await createSessions(recorder, "rotate", () =>
    Promise.resolve({ kind: "record", record: { ...record, ...times } }),
  );
  recorder.watch(sessions.protocol.store);
  const { tokens } = await sessions.signIn();
  await sessions.signIn();
  const other = await sessions.signIn("transporter");
  await sessions.bearer(tokens.accessToken);
  await sessions.refresh((await sessions.refresh(tokens.refreshToken)).refreshToken);
  expect(await sessions.refusal(tokens.refreshToken)).toBe("token_stolen");
  expect(await sessions.alive()).toBe(1);
  await sessions.signOut({ accessToken: other.tokens.accessToken, everywhere: true });
}
