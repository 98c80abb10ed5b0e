import { describe, expect, it } from "vitest";
import { createSeal } from "../../src/tokens/seal.ts";
import { bytesOf } from "../harness/random.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const seal = await createSeal(bytesOf("id secret of the tests, 32 bytes long"), random);

describe("a seal", () => {
  it("opens where it was made, and gives back what it holds", async () => {
    const sealed = await seal.seal("record a b", { phone: "+919876543210" });
    expect(sealed).not.toContain("9876543210");
    expect(await seal.open("record a b", sealed)).toEqual({ phone: "+919876543210" });
  });

  it("does not open elsewhere, changed, cut off, or with another secret", async () => {
    const sealed = await seal.seal("record a b", { phone: "+919876543210" });
    const other = await createSeal(bytesOf("another id secret, 32 bytes long at least"), random);
    expect(await seal.open("profile a b", sealed)).toBeNull();
    expect(await seal.open("record a c", sealed)).toBeNull();
    expect(await other.open("record a b", sealed)).toBeNull();
    for (const text of [
      "",
      "x",
      sealed.slice(0, -2),
      `${sealed.slice(0, -1)}${sealed.endsWith("A") ? "B" : "A"}A`,
    ]) {
      expect(await seal.open("record a b", text)).toBeNull();
    }
  });

  it("looks different each time", async () => {
    expect(await seal.seal("a", 1)).not.toBe(await seal.seal("a", 1));
  });
});
