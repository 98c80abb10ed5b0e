/**
 * Rejects with the signal's reason, and never resolves. For a race with work that stops listening to its signal once
 * the headers have come: a body that never ends must not hold the caller.
 */
export function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
