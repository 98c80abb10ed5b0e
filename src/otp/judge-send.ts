import type { Policy } from "../config/policy.ts";
import type { GuardVerdict } from "../limits/guard.ts";
import { heldStanding, judgeGuard } from "../limits/guard.ts";
import type { Standing } from "../limits/limit.ts";
import type { KnownSend } from "../limits/send.ts";
import { sendStandings } from "../limits/send.ts";
import type { Budget, OpenSend, SendStore } from "../store/send-port.ts";
import type { SendRequest } from "./send.ts";

export interface JudgeDeps {
  readonly store: SendStore;
  readonly policy: Policy;
  readonly notes: SendNotes;
  readonly defer: (work: Promise<void>) => void;
}

/** For the operator's eyes. */
export interface SendNotes {
  /** What the guard holds, or would hold if it were enforced. */
  held(verdict: Extract<GuardVerdict, { kind: "held" }>): void;
  /** Where a send left a day's budget. */
  budget(budget: Budget, standing: Standing): void;
}

/** Where a send stands with every limit and with the guard, of which the operator is told. */
export function judgeSend(
  send: OpenSend,
  opened: KnownSend,
  { request, deps }: { readonly request: SendRequest; readonly deps: JudgeDeps },
): readonly Standing[] {
  const { policy, notes } = deps;
  const standings = sendStandings(send, opened, { policy, isTest: request.phone.fixedCode !== null });
  const budgets = standings.slice(standings.length - send.budgets.length);
  for (const [index, budget] of send.budgets.entries()) {
    const standing = budgets[index];
    if (standing !== undefined) notes.budget(budget, standing);
  }
  if (opened.evidence?.prefix.isFull === true && send.watched !== null)
    deps.defer(deps.store.trimPrefix(send.watched));
  const verdict = judgeWatched(send, opened, { request, policy });
  if (verdict.kind === "pass" || send.watched === null) return standings;
  notes.held(verdict);
  if (verdict.starts !== null) deps.defer(deps.store.startHold(send.watched, verdict.by, verdict.starts));
  return policy.guard === "enforce" ? [...standings, heldStanding(verdict.waitMs)] : standings;
}

function judgeWatched(
  { watched, now }: OpenSend,
  { evidence }: KnownSend,
  { request, policy }: { readonly request: SendRequest; readonly policy: Policy },
): GuardVerdict {
  if (watched === null || evidence === null) return { kind: "pass" };
  return judgeGuard({ now, line: watched.line, isProven: request.isProven }, evidence, policy);
}
