/** How many cases each property is tried with, and from which seed: `npm run fuzz` sets both. */
export const CASES = Number(process.env["EDGE_OTP_FUZZ_CASES"] ?? 5000);
export const SEED = Number(process.env["EDGE_OTP_FUZZ_SEED"] ?? 1);

/** The longest that so many cases may take, in milliseconds: twenty for each, where a quiet machine needs three. */
export const MOST_MS = 60_000 + CASES * 20;
