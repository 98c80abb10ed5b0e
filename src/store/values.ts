import type { CodeChain, IssuedCode } from "./code-chain.ts";
import type { Address, AttemptId, GuessPlace, InvocationId, Nonce, SendId, SubjectTag } from "../ids.ts";
import { isProven, parseNonce, unkeyedSendId } from "../ids.ts";
import { fields, fieldsBegin } from "./keys.ts";
import type { Hold } from "./guard-port.ts";
import type { Invocation, LoggedSend, SendOutcome, SendRun } from "./send-port.ts";
import type { EndReason, SessionState } from "./session-port.ts";

export type Hash = ReadonlyMap<string, string>;

/** `<N>.<issuedAtMs>`, the time to the base of 36: what there is one of for each live code takes 48 bytes so, not 56. */
export function formatIssuedCode({ nonce, issuedAt }: IssuedCode): string {
  return `${nonce}.${issuedAt.toString(TIME_BASE)}`;
}

const TIME_BASE = 36;

export function parseIssuedCode(text: string): IssuedCode | null {
  const [nonceText = "", issuedAtText = ""] = text.split(".");
  const nonce = parseNonce(nonceText);
  if (nonce === null || !/^[\da-z]{1,9}$/.test(issuedAtText)) return null;
  return { nonce, issuedAt: Number.parseInt(issuedAtText, TIME_BASE) };
}

/** A hash that exists, and has no field that this service writes: it must not pass for one that does not exist. */
function isStrange(hash: Hash, kind: keyof typeof fieldsBegin): boolean {
  const starts: readonly string[] = fieldsBegin[kind];
  return hash.size > 0 && ![...hash.keys()].some((field) => starts.some((start) => field.startsWith(start)));
}

/** Follows the chain of `otp:<S>` from its start; null when a link is malformed or the chain bites its tail. */
export function parseCodeChain(hash: Hash): CodeChain | null {
  if (isStrange(hash, "otp")) return null;
  const forgotten = readForgotten(hash);
  if (!Number.isSafeInteger(forgotten)) return null;
  const codes: IssuedCode[] = [];
  const winners = new Map<Nonce, AttemptId>();
  let link = hash.get(forgotten === 0 ? fields.seed : fields.start(forgotten));
  while (link !== undefined) {
    const code = parseIssuedCode(link);
    if (code === null || codes.length > hash.size) return null;
    codes.push(code);
    const winner = hash.get(fields.won(code.nonce));
    if (winner !== undefined) winners.set(code.nonce, winner as AttemptId);
    link = hash.get(fields.next(code.nonce));
  }
  return { codes, forgotten, winners };
}

function readForgotten(hash: Hash): number {
  const prefix = fields.start(0).slice(0, -1);
  const starts = [...hash.keys()].filter((field) => field.startsWith(prefix));
  return Math.max(0, ...starts.map((field) => Number(field.slice(prefix.length))));
}

/** A member of `log:<number>`: `<S'>.<invocation>.<I>`, `.<send id>` behind it with a key; `<S'>.!<N'>.<H>` of guesses. */
export function formatLogged({ of, member, asker }: Omit<LoggedSend, "kind" | "at">): string {
  if (asker === null) return `${of}.${member}`;
  const isKeyed = (asker.sendId as string) !== member;
  return [of, member, asker.address, ...(isKeyed ? [asker.sendId] : [])].join(".");
}

export function parseLogged(text: string): Omit<LoggedSend, "at"> | null {
  const [of = "", first = "", second = "", third] = text.split(".");
  if (of === "" || first === "" || second === "") return null;
  const tag = of as SubjectTag;
  if (first.startsWith("!"))
    return { member: `${first}.${second}` as GuessPlace, of: tag, kind: "guesses", asker: null };
  const member = first as InvocationId;
  const sendId = third === undefined ? unkeyedSendId(member) : (third as SendId);
  const asker = { address: second as Address, sendId };
  return { member, of: tag, kind: isProven(member) ? "proven" : "send", asker };
}

/** `<level>.<startedAtMs>` */
export function formatHold({ level, startedAt }: Hold): string {
  return `${level}.${startedAt}`;
}

export function parseHold(text: string): Hold | null {
  const [, level, startedAt] = /^(\d{1,6})\.(\d{1,15})$/.exec(text) ?? [];
  return level === undefined ? null : { level: Number(level), startedAt: Number(startedAt) };
}

/** `<invocation>.<startedAtMs>` */
export function formatInvocation({ id, startedAt }: Invocation): string {
  return `${id}.${startedAt}`;
}

/** `failed`, or `accepted.<code>` or `unconfirmed.<code>` with the code as in `otp:<S>`. */
export function formatOutcome(outcome: SendOutcome): string {
  return outcome.kind === "failed" ? outcome.kind : `${outcome.kind}.${formatIssuedCode(outcome.code)}`;
}

/** Follows the runs of `sent:<S>:<send id>` from the first; null when one is malformed. */
export function parseRuns(hash: Hash): readonly SendRun[] | null {
  if (isStrange(hash, "sent")) return null;
  const runs: SendRun[] = [];
  let link = hash.get(fields.run);
  while (link !== undefined) {
    const [idText = "", startedAtText = ""] = link.split(".");
    const id = idText as InvocationId;
    const ending = hash.get(fields.end(id));
    const outcome = ending === undefined ? null : parseOutcome(ending);
    if (outcome === undefined || !/^\d{1,15}$/.test(startedAtText) || runs.length > hash.size) return null;
    runs.push({ invocation: { id, startedAt: Number(startedAtText) }, outcome });
    link = hash.get(fields.runAfter(id));
  }
  return runs;
}

function parseOutcome(text: string): SendOutcome | undefined {
  if (text === "failed") return { kind: "failed" };
  const [kind, ...rest] = text.split(".");
  const code = parseIssuedCode(rest.join("."));
  return code !== null && (kind === "accepted" || kind === "unconfirmed") ? { kind, code } : undefined;
}

const END_REASONS: ReadonlySet<string> = new Set<EndReason>(["signed_out", "stolen", "suspended", "refused"]);

/** Null when a field holds what this service never wrote. */
export function parseSession(hash: Hash): SessionState | null {
  if (isStrange(hash, "session")) return null;
  const ended = hash.get(fields.ended) ?? null;
  const prefix = fields.used(0).slice(0, -1);
  const uses = [...hash].filter(([field]) => field.startsWith(prefix));
  const firstUses = new Map(uses.map(([field, at]) => [Number(field.slice(prefix.length)), Number(at)]));
  const areNumbers = [...firstUses].flat().every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!areNumbers || (ended !== null && !END_REASONS.has(ended))) return null;
  return {
    record: hash.get(fields.record) ?? null,
    profile: hash.get(fields.profile) ?? null,
    ended: ended as EndReason | null,
    firstUses,
  };
}
