import type { PolicyName, Role } from "./settings.ts";
import type { Faults } from "./system/flight.ts";

/** A subject: one of PHONES in one of ROLES. */
interface Subject {
  readonly phone: number;
  readonly role: Role;
}

interface Asked {
  /** Which of ADDRESSES it comes from. */
  readonly caller: number;
  readonly faults: Faults;
}

export interface SendAct extends Subject, Asked {
  readonly kind: "send";
  /** Of its `Idempotency-Key`; null without one. */
  readonly key: number | null;
  /** Brings a token of an earlier sign-in with the number, if there was one. */
  readonly proof: boolean;
}

/**
 * Which challenge id a guess comes with: the caller's own, counted from the last; anybody's of the subject; none; one
 * with a bit turned; one that is somebody else's. Where there is no such id it comes without.
 */
export type Hold =
  { readonly kind: "own" | "any" | "foreign" | "forged"; readonly back: number } | { readonly kind: "none" };

/** What is typed: the code that belongs to the challenge (without one, of the last SMS), the one before, or another. */
export type Typed = "right" | "older" | number;

export interface VerifyAct extends Subject, Asked {
  readonly kind: "verify";
  readonly hold: Hold;
  readonly typed: Typed;
  readonly key: number | null;
}

/** Of one of the sessions so far, counted from the last, and of its refresh tokens, counted from the last. */
export interface SessionAct extends Asked {
  readonly kind: "refresh" | "logout" | "logout_everywhere" | "me";
  readonly session: number;
  readonly token: number;
}

/** Sends the last request that had a key again as it was, from this address. */
export interface RepeatAct extends Asked {
  readonly kind: "repeat";
}

export type Act = SendAct | VerifyAct | SessionAct | RepeatAct;

export type Step =
  | Act
  | { readonly kind: "wait"; readonly seconds: number }
  /** Waits as long as the last refusal said, and asks again. */
  | { readonly kind: "wait_as_told" }
  /** All at once; `order` says whose turn it is at an upstream, of those that wait. */
  | { readonly kind: "together"; readonly acts: readonly Act[]; readonly order: readonly number[] }
  /** The isolate and its memory are gone. */
  | { readonly kind: "new_isolate" };

export interface History {
  readonly policy: PolicyName;
  readonly steps: readonly Step[];
}

/** One line a step, as a person would tell it. */
export function tellStep(step: Step): string {
  switch (step.kind) {
    case "wait":
      return `wait ${step.seconds} s`;
    case "wait_as_told":
      return "wait as the last refusal said, and ask again";
    case "new_isolate":
      return "a new isolate";
    case "together":
      return `together [turns ${step.order.join(" ")}]: ${step.acts.map(tellAct).join(" | ")}`;
    default:
      return tellAct(step);
  }
}

function tellAct(act: Act): string {
  const { store, sms } = act.faults;
  const faults = [...list("store", store), ...list("sms", sms)].join(" ");
  return `caller ${act.caller}: ${tellWhat(act)}${faults === "" ? "" : `  ! ${faults}`}`;
}

function list(what: string, fates: readonly string[]): readonly string[] {
  return fates.length === 0 ? [] : [`${what}: ${fates.join(", ")}`];
}

function tellWhat(act: Act): string {
  switch (act.kind) {
    case "repeat":
      return "repeat the last keyed request";
    case "send":
      return `send to ${subjectOf(act)}${tellKey(act.key)}${act.proof ? " with proof" : ""}`;
    case "verify": {
      const typed = typeof act.typed === "number" ? `wrong ${act.typed}` : act.typed;
      const hold = act.hold.kind === "none" ? "no id" : `${act.hold.kind} id ${act.hold.back}`;
      return `verify ${subjectOf(act)}, ${hold}, ${typed}${tellKey(act.key)}`;
    }
    default:
      return `${act.kind} session ${act.session} token ${act.token}`;
  }
}

function subjectOf({ phone, role }: Subject): string {
  return `phone ${phone} as ${role}`;
}

function tellKey(key: number | null): string {
  return key === null ? "" : ` key ${key}`;
}
