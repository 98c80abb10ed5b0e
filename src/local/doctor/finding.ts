export type Status = "ok" | "warn" | "fail" | "skipped";

/** What one check has found: one plain sentence, and what to do about it. No value of a secret is ever in either. */
export type Finding = { readonly id: string; readonly message: string } & (
  | { readonly status: "ok"; readonly fix: null }
  | { readonly status: Exclude<Status, "ok">; readonly fix: string }
);

export interface Says {
  ok(message: string): Finding;
  warn(message: string, fix: string): Finding;
  fail(message: string, fix: string): Finding;
  skipped(message: string, fix: string): Finding;
}

/** The four things that a check can say under its id. */
export const about = (id: string): Says => ({
  ok: (message) => ({ id, status: "ok", message, fix: null }),
  warn: (message, fix) => ({ id, status: "warn", message, fix }),
  fail: (message, fix) => ({ id, status: "fail", message, fix }),
  skipped: (message, fix) => ({ id, status: "skipped", message, fix }),
});
