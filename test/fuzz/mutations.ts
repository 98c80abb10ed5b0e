import fc from "fast-check";

const BASE64URL = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

type Change = (text: string) => string;

/** Where in a text, as a share of its length, so that one place fits texts of any length. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...BASE64URL) },
  fc.constantFrom("=", ".", "+", "/", " ", "\n", "\0", "%", "é", "А"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 2 }),
);

const at = (text: string, share: number) => Math.floor(share * text.length);

/** What a forger does to a text of ours that he holds. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, character).map(
    ([share, by]) =>
      (text: string) =>
        text.slice(0, at(text, share)) + by + text.slice(at(text, share) + 1),
  ),
  fc.tuple(place, character).map(
    ([share, by]) =>
      (text: string) =>
        text.slice(0, at(text, share)) + by + text.slice(at(text, share)),
  ),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (text: string) =>
        text.slice(0, at(text, from)) + text.slice(at(text, to)),
  ),
  fc.tuple(place, place).map(
    ([a, b]) =>
      (text: string) =>
        swap(text, at(text, a), at(text, b)),
  ),
  fc.tuple(place, fc.nat(255)).map(
    ([share, mask]) =>
      (text: string) =>
        maskByte(text, share, mask),
  ),
  place.map((share) => (text: string) => text.slice(at(text, share)) + text.slice(0, at(text, share))),
  fc.constantFrom<Change>(
    (text) => `${text}=`,
    (text) => `${text}==`,
    (text) => `${text}A`,
    (text) => ` ${text}`,
    (text) => `${text}\n`,
    (text) => text + text,
    (text) => text.toLowerCase(),
    (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
    (text) => [...text].toReversed().join(""),
    lastBits,
    (text) => encodeURIComponent(text.toWellFormed()),
    () => "",
  ),
);

/** Other texts than the good ones: each made of one of them by some changes, or of two, or of nothing at all. */
export function forgeriesOf(good: readonly [string, ...string[]]): fc.Arbitrary<string> {
  const mutated = fc
    .tuple(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((so, next) => next(so), text));
  const spliced = fc
    .tuple(fc.constantFrom(...good), fc.constantFrom(...good), place)
    .map(([head, tail, share]) => head.slice(0, at(head, share)) + tail.slice(at(head, share)));
  const plain = fc.array(fc.constantFrom(...BASE64URL), { maxLength: 300 }).map((all) => all.join(""));
  const sameLength = fc
    .tuple(fc.constantFrom(...good), fc.infiniteStream(fc.constantFrom(...BASE64URL)))
    .map(([{ length }, stream]) => [...stream.take(length)].join(""));
  return fc
    .oneof(
      { weight: 6, arbitrary: mutated },
      { weight: 2, arbitrary: spliced },
      sameLength,
      plain,
      fc.string({ unit: "binary", maxLength: 300 }),
    )
    .filter((text) => !good.includes(text));
}

function swap(text: string, a: number, b: number): string {
  const characters = [...text];
  [characters[a], characters[b]] = [characters[b] ?? "", characters[a] ?? ""];
  return characters.join("");
}

/** One byte of what the text stands for. */
function maskByte(text: string, share: number, mask: number): string {
  const bytes = Buffer.from(text, "base64url");
  const index = Math.floor(share * bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ mask;
  return bytes.toString("base64url");
}

/** The same bytes, spelt with the bits of the last character that mean nothing. */
function lastBits(text: string): string {
  const last = BASE64URL.indexOf(text.at(-1) ?? "");
  return text.slice(0, -1) + (BASE64URL[last ^ 1] ?? "A");
}
