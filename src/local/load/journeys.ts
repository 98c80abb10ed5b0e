import type { Answer, Client } from "./client.ts";
import type { Person } from "./person.ts";
import type { Random } from "./random.ts";

export interface Visit {
  readonly person: Person;
  readonly client: Client;
  readonly random: Random;
  /** About as long as this, as people take. Rejects when the run is over. */
  readonly think: (medianMs: number) => Promise<unknown>;
  /** Just as long. */
  readonly wait: (ms: number) => Promise<unknown>;
}

export interface Journey {
  readonly name: string;
  readonly share: number;
  readonly run: (visit: Visit) => Promise<unknown>;
}

const READING_MS = 4000;
const USING_MS = 6000;

/** What people do, and how many of a hundred. */
export const JOURNEYS: readonly [Journey, ...Journey[]] = [
  { name: "signs in", share: 52, run: (visit) => signIn(visit) },
  { name: "signs in and stays a while", share: 9, run: stay },
  { name: "mistypes the code first", share: 11, run: (visit) => signIn(visit, 1) },
  { name: "asks again too soon", share: 5, run: askTooSoon },
  { name: "waits, and asks again", share: 5, run: askAgain },
  { name: "never types the code", share: 7, run: ({ person, client }) => send(client, person) },
  { name: "guesses until it is locked", share: 2, run: (visit) => signIn(visit, 6) },
  { name: "types a code that was used", share: 1, run: typeTwice },
  { name: "gives a landline", share: 2, run: (visit) => sendTo(visit, "+912223456789") },
  { name: "gives no phone number", share: 2, run: (visit) => sendTo(visit, "12345") },
  { name: "lives where there is no service", share: 2, run: (visit) => sendTo(visit, "+33612345678") },
  { name: "brings a token that has ended", share: 2, run: refreshInVain },
];

/** The numbers of one exchange that earns by them: sent to, and never verified. */
export const PUMPING: Journey = {
  name: "pumps",
  share: 6,
  run: (visit) => sendTo(visit, `+919876${54 + visit.random.below(2)}${fourDigits(visit.random)}`),
};

const fourDigits = (random: Random): string => String(random.below(10_000)).padStart(4, "0");

function send(client: Client, { typed, role, address }: Person): Promise<Answer> {
  return client.ask("send-otp", { body: { phone: typed, role }, address });
}

function sendTo({ client, person }: Visit, phone: string): Promise<Answer> {
  return send(client, { ...person, typed: phone });
}

/** Null where there was no code, or it was refused. */
async function signIn(visit: Visit, mistakes = 0): Promise<Answer | null> {
  const sent = await send(visit.client, visit.person);
  return sent.outcome === "ok" ? typeCode(visit, sent, mistakes) : null;
}

async function typeCode(visit: Visit, sent: Answer, mistakes = 0): Promise<Answer | null> {
  const { client, person, think } = visit;
  // At once, since the inbox keeps only so many.
  const code = await client.codeFor(person.phone);
  if (code === null) return null;
  await think(READING_MS);
  for (let mistake = 1; mistake <= mistakes; mistake += 1) {
    const refused = await verify(visit, sent, otherCode(code, mistake));
    if (refused.outcome === "OTP_MAX_ATTEMPTS") return null;
    await think(READING_MS / 2);
  }
  const verified = await verify(visit, sent, code);
  return verified.outcome === "ok" ? verified : null;
}

function verify({ client, person }: Visit, sent: Answer, otp: string): Promise<Answer> {
  const { typed: phone, role, address } = person;
  // The apps in the field send no challenge id, newer ones do.
  const challengeId = phone.startsWith("+") ? {} : { challengeId: sent.data["challengeId"] };
  return client.ask("verify-otp", { body: { phone, role, otp, ...challengeId }, address });
}

const otherCode = (code: string, offset: number): string =>
  String((Number(code) + offset) % 10 ** code.length).padStart(code.length, "0");

async function stay(visit: Visit): Promise<void> {
  const { client, person, random, think } = visit;
  const { address } = person;
  let tokens = tokensOf(await signIn(visit));
  for (let uses = 0; tokens !== null && uses < 2; uses += 1) {
    await think(USING_MS);
    await client.ask("me", { method: "GET", token: tokens.accessToken, address });
    const refreshed = await client.ask("refresh", { body: { refreshToken: tokens.refreshToken }, address });
    tokens = tokensOf({ ...refreshed, data: { tokens: refreshed.data } });
  }
  if (tokens !== null && random.next() < 0.4)
    await client.ask("logout", { token: tokens.accessToken, address });
}

function tokensOf(answer: Answer | null): { accessToken: string; refreshToken: string } | null {
  if (answer?.outcome !== "ok") return null;
  const { accessToken, refreshToken } = answer.data["tokens"] as Record<string, unknown>;
  if (typeof accessToken !== "string" || typeof refreshToken !== "string") return null;
  return { accessToken, refreshToken };
}

async function askTooSoon(visit: Visit): Promise<void> {
  const sent = await send(visit.client, visit.person);
  await visit.think(READING_MS);
  await send(visit.client, visit.person);
  if (sent.outcome === "ok") await typeCode(visit, sent);
}

async function askAgain(visit: Visit): Promise<void> {
  const sent = await send(visit.client, visit.person);
  const resendIn = sent.data["resendIn"];
  await visit.wait(typeof resendIn === "number" ? resendIn * 1000 : 0);
  await visit.think(READING_MS);
  await signIn(visit);
}

async function typeTwice(visit: Visit): Promise<void> {
  const sent = await send(visit.client, visit.person);
  const code = await visit.client.codeFor(visit.person.phone);
  if (code === null) return;
  await visit.think(READING_MS);
  await verify(visit, sent, code);
  await verify(visit, sent, code);
}

function refreshInVain({ client, person }: Visit): Promise<Answer> {
  return client.ask("refresh", { body: { refreshToken: "from-another-time" }, address: person.address });
}
