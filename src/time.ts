/** Lengths of time, in milliseconds. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** How far the clocks of two edge locations may lie apart, in milliseconds. */
export const CLOCK_SKEW_MS = 10_000;
