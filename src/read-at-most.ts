/** What a body holds, or why it was not read to its end. */
export type BodyBytes = Uint8Array | "too_large" | "broken_off";

/**
 * Reads a body to its end, whatever length it declares. One that is longer than `most` is read on, and thrown away, to
 * `drained` bytes: a sender whom the runtime cuts off while it writes would not hear the answer. Never throws.
 */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  drained = most,
): Promise<BodyBytes> {
  const whole = new Uint8Array(most);
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      if (length + chunk.length <= most) whole.set(chunk, length);
      length += chunk.length;
      if (length > drained) return "too_large";
    }
    return length > most ? "too_large" : whole.subarray(0, length);
  } catch {
    return "broken_off";
  }
}
