import type { Ask } from "../exchange.ts";

/** What a body is read by, as the Worker reads it: src/read-at-most.ts. */
interface WholeReader {
  read(view: Uint8Array, options: { readonly min: number }): Promise<{ readonly value: Uint8Array }>;
}

/**
 * A request whose body is there at once. Node cannot yet read a body by `min` bytes at a time, which workerd can; and its
 * streams take turns of the event loop that differ from run to run.
 */
export function requestOf({
  method,
  path,
  headers,
  body,
}: Pick<Ask, "method" | "path" | "headers" | "body">): Request {
  const request = new Request(`https://edge-otp.test${path}`, { method, headers });
  let left = new TextEncoder().encode(body ?? "");
  const reader: WholeReader = {
    read(_, { min }) {
      const value = left.subarray(0, min);
      left = left.subarray(min);
      return Promise.resolve({ value });
    },
  };
  Object.defineProperty(request, "body", { value: { getReader: () => reader } });
  return request;
}
