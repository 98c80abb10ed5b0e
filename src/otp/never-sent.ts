import type { InvocationId, PhoneId } from "../ids.ts";

/**
 * Executions of sends that this isolate knows to have sent nothing, although the store may count them: it was not to be
 * reached when they were withdrawn, or it executes them later. Memory alone, so that it holds while the store is down.
 */
export interface NeverSent {
  of(phoneId: PhoneId): ReadonlySet<InvocationId>;
  remember(phoneId: PhoneId, invocation: InvocationId): void;
}

const MOST_NUMBERS = 10_000;
const MOST_EACH = 20;

export function createNeverSent(): NeverSent {
  const byNumber = new Map<PhoneId, readonly InvocationId[]>();
  return {
    of: (phoneId) => new Set(byNumber.get(phoneId)),
    remember(phoneId, invocation) {
      const known = byNumber.get(phoneId) ?? [];
      byNumber.delete(phoneId);
      const [oldest] = byNumber.keys();
      if (byNumber.size >= MOST_NUMBERS && oldest !== undefined) byNumber.delete(oldest);
      byNumber.set(phoneId, [...known, invocation].slice(-MOST_EACH));
    },
  };
}
