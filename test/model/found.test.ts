import { describe, expect, it } from "vitest";
import { replay } from "./check.ts";
import { FOUND } from "./found.ts";

describe("a service that once", () => {
  it.each(Object.entries(FOUND))("%s, breaks nothing any more", async (_, history) => {
    await expect(replay(history)).resolves.toBeUndefined();
  });
});
