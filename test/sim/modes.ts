import type { Policy } from "../../src/config/policy.ts";

export type GuardMode = Policy["guard"];

export const GUARD_MODES: readonly GuardMode[] = ["off", "shadow", "enforce"];
