/** What a body holds, or why it was not read to its end. */
export type BodyBytes = Uint8Array | "too_large" | "broken_off";

/** Reads a body to its end, whatever length it declares, and stops at the first byte above `most`. Never throws. */
export async function readAtMost(body: ReadableStream<Uint8Array> | null, most: number): Promise<BodyBytes> {
  const whole = new Uint8Array(most);
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      if (length + chunk.length > most) return "too_large";
      whole.set(chunk, length);
      length += chunk.length;
    }
    return whole.subarray(0, length);
  } catch {
    return "broken_off";
  }
}
