/** Far more than any answer that is asked for in this way, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * What `@upstash/redis` has no setting for, so that the runtime's own fetch is told. A redirect could lead a request, its
 * token and its body off TLS, and no upstream of ours has a reason to; an answer without end would fill the memory that
 * all requests of an isolate share.
 */
export function guardFetch(scope: { fetch: typeof fetch }): void {
  const original = scope.fetch.bind(scope);
  scope.fetch = async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
    // Who says so himself reads no more than he wants, and a request is not made anew, which takes as long as making it.
    const isGuarded = input instanceof Request ? input.redirect === "manual" : init?.redirect === "manual";
    if (isGuarded) return original(input, init);
    return boundAnswer(await original(input, { ...init, redirect: "manual" }));
  };
}

/** The same answer, whose body fails beyond the bound. One that says its length is cut off there by the runtime. */
function boundAnswer(answer: Response): Response {
  const { body, headers } = answer;
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  if (body === null || (length !== null && Number(length) <= MOST_BYTES)) return answer;
  let left = MOST_BYTES;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error("The answer has no end"));
      else controller.enqueue(chunk);
    },
  });
  return new Response(body.pipeThrough(bounded), answer);
}
