import { concatBytes } from "./bytes.ts";

/** What a body holds, or why it was not read to its end. */
export type BodyBytes = Uint8Array | "too_large" | "broken_off";

/** Most bodies end within this many bytes, which takes one read. */
const FIRST_READ = 1024;
const NEXT_READS = 16 * 1024;

/** A read that waits until its view is full or the body has ended (WHATWG Streams); the types of the runtime lack `min`. */
interface FillingReader {
  read(
    view: Uint8Array<ArrayBuffer>,
    options: { readonly min: number },
  ): Promise<{ readonly value?: Uint8Array<ArrayBuffer> | undefined }>;
}

/**
 * Reads a body to its end, whatever length it declares. One that is longer than `most` is read on, and thrown away, to
 * `drained` bytes: a sender whom the runtime cuts off while it writes would not hear the answer. Never throws.
 */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  drained = most,
): Promise<BodyBytes> {
  if (body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const reader: FillingReader = body.getReader({ mode: "byob" });
    for (let min = FIRST_READ; ; min = NEXT_READS) {
      const { value = new Uint8Array() } = await reader.read(new Uint8Array(min), { min });
      length += value.length;
      if (length <= most) parts.push(value);
      if (value.length < min) break;
      if (length > drained) return "too_large";
    }
  } catch {
    return "broken_off";
  }
  return length > most ? "too_large" : concatBytes(...parts);
}
