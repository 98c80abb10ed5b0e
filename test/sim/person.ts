import type { LimitName } from "../../src/limits/limit.ts";
import type { Phone } from "../../src/phone.ts";
import type { WatchScope } from "../../src/store/guard-port.ts";
import type { Place } from "./addresses.ts";
import { anotherPlace } from "./addresses.ts";
import type { Chance, LogNormal } from "./chance.ts";
import type { Delivery } from "./delivery.ts";
import type { Role, Service } from "./service.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { SimCountry } from "./world.ts";
import { SECOND, WORLD } from "./world.ts";

export interface Person {
  readonly country: SimCountry;
  readonly phone: Phone;
  readonly role: Role;
  readonly place: Place;
  readonly delivery: Delivery;
  readonly sendsChallengeId: boolean;
  /** Has a token of an earlier sign-in. */
  readonly isProven: boolean;
  readonly typing: LogNormal;
  /** Whose number this person may ask for by mistake; null for nobody's. */
  readonly wrongNumber: Phone | null;
}

export interface Around {
  readonly service: Service;
  readonly time: VirtualTime;
  readonly chance: Chance;
}

export interface SignInOutcome {
  readonly signedIn: boolean;
  /** What the service said no by, in order: to a send, or to a guess. */
  readonly refusals: readonly (LimitName | "out_of_guesses")[];
  /** By what the guard held its sends, or would have. */
  readonly held: ReadonlySet<WatchScope>;
}

interface Visit {
  readonly deadline: number;
  readonly refusals: (LimitName | "out_of_guesses")[];
  readonly held: Set<WatchScope>;
  /** The SMS that are yet to be read. */
  readonly inbox: { readonly code: string; readonly at: number }[];
  place: Place;
  challengeId: string | null;
  /** When the app allows the next send. */
  resendFrom: number;
}

/** One person's way through a sign-in: everything that people do, in the order in which they do it. */
export async function signIn(person: Person, around: Around): Promise<SignInOutcome> {
  const { time, chance } = around;
  const visit: Visit = {
    deadline: time.now + WORLD.person.signsInWithin * SECOND,
    refusals: [],
    held: new Set(),
    inbox: [],
    place: person.place,
    challengeId: null,
    resendFrom: time.now,
  };
  const ending = (signedIn: boolean) => ({ signedIn, refusals: visit.refusals, held: visit.held });

  if (person.wrongNumber !== null) {
    await ask({ ...person, phone: person.wrongNumber, isProven: false }, visit, around);
    visit.inbox.length = 0;
    await time.sleep(patienceOf(chance));
  }
  for (let asked = 0; asked <= WORLD.person.mostResends; asked += 1) {
    const isAllowed = await ask(person, visit, around);
    if (chance.happens(WORLD.honest.changesNetwork)) {
      visit.place = anotherPlace(visit.place, person.country, chance);
    }
    const isLast = !isAllowed || asked === WORLD.person.mostResends;
    const patienceEnds = Math.max(time.now + patienceOf(chance), visit.resendFrom);
    const until = isLast ? visit.deadline : Math.min(patienceEnds, visit.deadline);
    const ended = await readUntil(until, { person, visit, around });
    if (ended !== "nothing") return ending(ended === "signed_in");
    if (isLast || time.now >= visit.deadline || chance.happens(WORLD.person.givesUp)) break;
  }
  return ending(false);
}

/** Asks for an SMS, and again when the service says so; false when it says no for longer than anybody waits. */
async function ask(person: Person, visit: Visit, { service, time, chance }: Around): Promise<boolean> {
  for (;;) {
    const caller = { phone: person.phone, role: person.role, from: visit.place };
    const { result, code, held } = await service.send({ ...caller, isProven: person.isProven });
    if (held !== null) visit.held.add(held);
    if (result.ok) {
      visit.challengeId = person.sendsChallengeId ? result.challengeId : null;
      visit.resendFrom = time.now + result.resendInSeconds * SECOND;
      const at = person.delivery.arrivalOf(time.now);
      if (at !== null && code !== null) visit.inbox.push({ code, at });
      return true;
    }
    if (result.refusal.reason !== "over_limit") throw new Error(result.refusal.reason);
    const { limit, waitMs } = result.refusal.longest;
    visit.refusals.push(limit);
    const again = time.now + waitMs + (1 + 3 * chance.unit()) * SECOND;
    if (again > visit.deadline) return false;
    await time.sleepUntil(again);
  }
}

interface Reading {
  readonly person: Person;
  readonly visit: Visit;
  readonly around: Around;
}

/** Types the codes that arrive, one after the other. */
async function readUntil(until: number, reading: Reading): Promise<"signed_in" | "forgot" | "nothing"> {
  const { person, visit, around } = reading;
  const { time, chance } = around;
  for (;;) {
    visit.inbox.sort((a, b) => a.at - b.at);
    const sms = visit.inbox[0];
    if (sms === undefined || sms.at > until) break;
    visit.inbox.shift();
    await time.sleepUntil(sms.at);
    if (chance.happens(WORLD.person.forgets)) return "forgot";
    await time.sleep(chance.logNormal(person.typing) * SECOND);
    if (time.now > visit.deadline) return "nothing";
    if (await typeCode(sms.code, reading)) return "signed_in";
  }
  await time.sleepUntil(until);
  return "nothing";
}

/** Until it is typed right; whether it was accepted then. */
async function typeCode(code: string, { person, visit, around }: Reading): Promise<boolean> {
  const { service, time, chance } = around;
  for (;;) {
    const isTypo = chance.happens(WORLD.person.mistypesCode);
    const guess = isTypo ? withTypo(code, chance) : code;
    const caller = { phone: person.phone, role: person.role, from: visit.place };
    const result = await service.verify({ ...caller, guess, challengeId: visit.challengeId });
    if (result.ok) return true;
    const { refusal } = result;
    if (refusal.reason === "over_limit") visit.refusals.push(refusal.longest.limit);
    if (refusal.reason === "out_of_guesses") visit.refusals.push(refusal.reason);
    if (!isTypo || refusal.reason !== "wrong_guess") return false;
    await time.sleep(chance.logNormal(person.typing) * SECOND);
    if (time.now > visit.deadline) return false;
  }
}

function withTypo(code: string, chance: Chance): string {
  const place = chance.below(code.length);
  const digit = (Number(code[place]) + 1 + chance.below(9)) % 10;
  return `${code.slice(0, place)}${digit}${code.slice(place + 1)}`;
}

function patienceOf(chance: Chance): number {
  return chance.logNormal(WORLD.person.patience) * SECOND;
}
