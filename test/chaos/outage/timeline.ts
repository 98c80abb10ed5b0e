import type { Answer } from "../load/service.ts";

/** When an upstream was struck, gone for sure, allowed to come back, and back, by `performance.now()`. */
export interface Timeline {
  struckAt: number;
  goneAt: number;
  backAt: number;
  readyAt: number;
}

export type Phase = "before" | "during" | "after" | "across";

export function createTimeline(): Timeline {
  const never = Number.POSITIVE_INFINITY;
  return { struckAt: never, goneAt: never, backAt: never, readyAt: never };
}

/** `across` is whatever was on its way at either end of the outage. */
export function phaseOf({ askedAt, endedAt }: Answer, timeline: Timeline): Phase {
  if (endedAt < timeline.struckAt) return "before";
  if (askedAt >= timeline.readyAt) return "after";
  return askedAt >= timeline.goneAt && endedAt <= timeline.backAt ? "during" : "across";
}
