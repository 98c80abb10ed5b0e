/** Bytes that are random to look at and the same in every run. */
export function sequence(seed: number): (length: number) => Uint8Array {
  let state = (seed + 1) * 0x9e3779b9;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
      return (state >>> 16) & 0xff;
    });
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}
