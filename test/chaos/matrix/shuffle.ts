import { createHash } from "node:crypto";

/** In an order that the seed alone decides. */
export function shuffle<Item>(items: readonly Item[], seed: number): readonly Item[] {
  return items
    .map((item, index) => ({
      item,
      at: createHash("sha256").update(`${seed}.${index}`).digest("hex"),
    }))
    .toSorted((left, right) => (left.at < right.at ? -1 : 1))
    .map(({ item }) => item);
}
