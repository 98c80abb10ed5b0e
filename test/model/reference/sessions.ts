import type { Exchange } from "../exchange.ts";
import { REFRESH_SECONDS } from "../settings.ts";
import { readClaims, readRefresh } from "../tokens.ts";
import { sidOf } from "./answers.ts";
import type { Reference, Witness } from "./reference.ts";

/** How long a rotated token may be used again, in milliseconds. */
const GRACE_MS = 30_000;

/** In lives of a refresh token: after that a session is over however much it is used. */
const MOST_SLIDES = 12;

interface Session {
  readonly subject: string;
  /** By the clock that opened it. */
  readonly openedAt: number;
  /** Its last use that was sure, and the last that may have been, by the store's clock, which ends it. */
  usedAt: number;
  maybeUsedAt: number;
  /** When each generation was first used: at the latest, and whether that is sure. */
  readonly uses: Map<number, { readonly at: number; readonly isSure: boolean }>;
  end: "alive" | "maybe" | "ended";
}

/**
 * A session lives until it is logged out, stolen or left alone: its access token until it expires, a kept refresh token
 * as long as the session, a rotated one for its grace time, and theft ends it for both. What has ended stays ended.
 */
export function createSessions(): Reference {
  const sessions = new Map<string, Session>();
  /** Subjects of whom nobody can say how often they have signed in. */
  const doubted = new Set<string>();

  return {
    see(exchange, witness) {
      const { ask } = exchange;
      const opened = sidOf(exchange);
      // A sign-in whose answer was lost is one all the same.
      const isLost = ask.kind === "verify" && (exchange.storeFailed || exchange.answer === null);
      if (isLost || (ask.kind === "verify" && exchange.beside.length > 0)) doubted.add(ask.subject);
      if (opened !== null) {
        const known = sessions.get(opened);
        if (known?.end === "ended" && exchange.beside.length === 0)
          return ["a sign-in gives the tokens of a session that has ended"];
        if (known === undefined) {
          const others = [...sessions.values()].filter(({ subject }) => subject === ask.subject);
          const isNew = others.length === 0;
          sessions.set(opened, newSession(ask.subject, exchange));
          // Sign-ins that lie no further apart than two clocks have no order.
          const isOpen = others.some(({ openedAt }) => exchange.startedAt <= openedAt + witness.apartMs);
          if (exchange.answer?.data["isNewUser"] !== isNew && !isOpen && !doubted.has(ask.subject))
            return [`tells ${isNew ? "a new" : "an old"} user for the other`];
        }
      }
      const session = ask.token === null ? undefined : sessions.get(ask.token.sid);
      if (session === undefined) return [];
      const isRace = exchange.beside.some((other) => other.subject === ask.subject);
      const wrong = isRace ? [] : judge(exchange, session, witness);
      update(exchange, session, { sessions, isRace, witness });
      for (const [sid, one] of sessions) if (one.end !== "alive") witness.facts.doubtSession(sid);
      return wrong;
    },
  };
}

function newSession(subject: string, { startedAt, endedAt, aheadMs }: Exchange): Session {
  return {
    subject,
    openedAt: startedAt,
    usedAt: startedAt - aheadMs,
    maybeUsedAt: endedAt - aheadMs,
    uses: new Map(),
    end: "alive",
  };
}

function judge(exchange: Exchange, session: Session, witness: Witness): readonly string[] {
  const { ask, answer, startedAt, aheadMs, storeFailed } = exchange;
  if (answer === null || storeFailed || ask.kind.startsWith("logout")) return [];
  const verdict =
    ask.kind === "me" ? judgeAccess(exchange, session) : judgeRefresh(exchange, session, witness);
  if (verdict === "open") return [];
  const expected = verdict === "alive" ? "OK" : "UNAUTHORIZED";
  const late = `${(startedAt - aheadMs - session.usedAt) / 1000} s after its last use`;
  if (answer.code !== expected) return [`${ask.kind} answers ${answer.code}, not ${expected}, ${late}`];
  return ask.kind === "refresh" && answer.code === "OK" ? wrongToken(exchange) : [];
}

/** Whether it must be good, must be refused, or a fault has left that open. */
type Verdict = "alive" | "dead" | "open";

function judgeAccess({ ask, startedAt }: Exchange, session: Session): Verdict {
  if (session.end === "ended" || startedAt >= Number(readClaims(ask.tokenText)["exp"]) * 1000) return "dead";
  return session.end === "maybe" ? "open" : "alive";
}

function judgeRefresh(exchange: Exchange, session: Session, witness: Witness): Verdict {
  const { ask, startedAt } = exchange;
  const life = judgeLife(exchange, session, witness);
  if (life !== "alive" || ask.role === "customer") return life;
  const { uses } = session;
  const generation = ask.token?.generation ?? 0;
  const later = [...uses].filter(([of]) => of > generation).map(([, use]) => use);
  const own = uses.get(generation);
  const isLate = own !== undefined && startedAt - own.at > GRACE_MS;
  if (later.some(({ isSure }) => isSure) || (isLate && own.isSure)) return "dead";
  return later.length > 0 || isLate ? "open" : "alive";
}

/** It slides with each refresh, and has an end that it never passes. */
function judgeLife(
  { ask: { token }, startedAt, aheadMs }: Exchange,
  { end, usedAt, maybeUsedAt }: Session,
  { apartMs }: Witness,
): Verdict {
  const now = startedAt - aheadMs;
  const lifetimeMs = REFRESH_SECONDS * 1000;
  const lastRefreshAt = (token?.createdAt ?? 0) - apartMs + (MOST_SLIDES - 1) * lifetimeMs;
  if (end === "ended" || now > maybeUsedAt + lifetimeMs) return "dead";
  return end === "maybe" || now >= usedAt + lifetimeMs || now >= lastRefreshAt ? "open" : "alive";
}

function wrongToken({ ask, answer }: Exchange): readonly string[] {
  const next = String(answer?.data["refreshToken"]);
  if (ask.role === "customer") return next === ask.tokenText ? [] : ["a kept refresh token has changed"];
  const isNext = readRefresh(next).generation === (ask.token?.generation ?? 0) + 1;
  return isNext && readRefresh(next).sid === ask.token?.sid ? [] : ["not the next refresh token"];
}

function update(
  exchange: Exchange,
  session: Session,
  {
    sessions,
    isRace,
    witness,
  }: {
    readonly sessions: ReadonlyMap<string, Session>;
    readonly isRace: boolean;
    readonly witness: Witness;
  },
): void {
  const { ask, answer, startedAt, endedAt, aheadMs, storeFailed } = exchange;
  const isSure = answer !== null && !storeFailed && !isRace;
  const verdict = judgeRefresh(exchange, session, witness);
  if (ask.kind === "refresh") {
    session.maybeUsedAt = endedAt - aheadMs;
    if (answer?.code === "OK") session.usedAt = startedAt - aheadMs;
    if (ask.role !== "customer") claimUse(session, ask.token?.generation ?? 0, { at: startedAt, isSure });
    // One that fails on its way leaves a good token good, and may have found a theft.
    if (answer?.code === "UNAUTHORIZED") session.end = "ended";
    else if (answer?.code !== "OK" && verdict !== "alive" && session.end === "alive") session.end = "maybe";
  }
  if (!ask.kind.startsWith("logout") || session.end === "ended") return;
  const life = judgeLife(exchange, session, witness);
  if (ask.kind === "logout_everywhere" && life !== "dead") {
    const others = [...sessions.values()].filter((one) => one.subject === session.subject);
    for (const one of others)
      if (one.end !== "ended") one.end = isSure && life === "alive" ? "ended" : "maybe";
  }
  session.end = isSure ? "ended" : "maybe";
}

/** The first to use it, and of those that may have been the first the first. */
function claimUse(
  { uses }: Session,
  generation: number,
  { at, isSure }: { readonly at: number; readonly isSure: boolean },
): void {
  const known = uses.get(generation);
  if (known === undefined) uses.set(generation, { at, isSure });
}
