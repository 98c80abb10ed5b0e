import type { InvocationId, Subject } from "../ids.ts";

/**
 * Executions of sends that this isolate knows to have sent nothing, although the store may count them: it was not to be
 * reached when they were withdrawn, or it executes them later. Memory alone, so that it holds while the store is down.
 */
export interface NeverSent {
  of(subject: Subject): ReadonlySet<InvocationId>;
  remember(subject: Subject, invocation: InvocationId): void;
}

const MOST_SUBJECTS = 10_000;
const MOST_EACH = 20;

export function createNeverSent(): NeverSent {
  const bySubject = new Map<Subject, readonly InvocationId[]>();
  return {
    of: (subject) => new Set(bySubject.get(subject)),
    remember(subject, invocation) {
      const [oldest] = bySubject.keys();
      if (bySubject.size >= MOST_SUBJECTS && oldest !== undefined) bySubject.delete(oldest);
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), invocation].slice(-MOST_EACH));
    },
  };
}
