/**
 * An upstream that answers with a redirect could lead a request, its token and its body off TLS. No upstream of ours
 * has a reason to; `@upstash/redis` has no setting for it, so the runtime's own fetch is told.
 */
export function refuseRedirects(scope: { fetch: typeof fetch }): void {
  const original = scope.fetch.bind(scope);
  scope.fetch = (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
    // One that says so itself is not made anew, which takes as long as making it did.
    input instanceof Request && input.redirect === "manual" && init === undefined
      ? original(input)
      : original(input, { ...init, redirect: "manual" });
}
