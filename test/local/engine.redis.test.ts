import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { embeddedBackend, realBackend } from "../../src/local/redis/backend.ts";
import { createEngine, type Reply } from "../../src/local/redis/engine.ts";
import { randomCommands } from "./random-commands.ts";

const url = process.env["REDIS_URL"];
if (url === undefined) throw new Error("This test compares with a real Redis: set REDIS_URL");
const real = realBackend(url);
afterAll(() => real.close());

describe("the embedded engine and a real Redis", () => {
  it("answer the same to any sequence of commands, each by itself", async () => {
    const sequence = fc.array(randomCommands("K"), { minLength: 1, maxLength: 40 });
    await fc.assert(fc.asyncProperty(sequence, compareSingly), { numRuns: 1500 });
  }, 120_000);

  it("answer the same to any transaction", async () => {
    const list = fc.array(randomCommands("K"), { minLength: 1, maxLength: 12 });
    const several = fc.array(list, { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(several, compareTransactions), { numRuns: 700 });
  }, 120_000);

  it("find the same keys for any pattern", async () => {
    const glyph = fc.constantFrom("a", "b", "-", "^", "*", "?", "[", "]", "\\", "c");
    const text = fc.array(glyph, { maxLength: 6 }).map((glyphs) => glyphs.join(""));
    await fc.assert(fc.asyncProperty(fc.array(text, { maxLength: 8 }), text, compareKeys), { numRuns: 1500 });
  }, 120_000);

  it("lists set members alike, in whatever order", async () => {
    const key = `set:${randomUUID()}`;
    const embedded = embeddedBackend(createEngine());
    for (const backend of [embedded, real]) {
      await backend.single(["SADD", key, "b", "a", "c"]);
      const reply = await backend.single(["SMEMBERS", key]);
      const members = "result" in reply && Array.isArray(reply.result) ? reply.result.map(String) : [];
      expect(members.sort()).toEqual(["a", "b", "c"]);
    }
    await real.single(["DEL", key]);
  });
});

/** The same command on keys of this run, so that runs, and tests that share the server, do not meet. */
const own = (words: readonly string[], run: string): string[] =>
  words.map((word) => word.replace(/^K:/, `${run}:`));

/** Their reply, or ours where both name the same moment to within two seconds: the two ran one after the other. */
function settled(ours: Reply | undefined, theirs: Reply, [name = ""]: readonly string[] = []): Reply {
  if (!/^(?:ttl|p?expiretime)$/i.test(name) || ours === undefined) return theirs;
  if (!("result" in ours) || !("result" in theirs)) return theirs;
  const tolerance = name === "PEXPIRETIME" ? 2000 : 2;
  const [here, there] = [Number(ours.result), Number(theirs.result)];
  return here > 0 && there > 0 && Math.abs(here - there) <= tolerance ? ours : theirs;
}

const forget = (run: string): Promise<unknown> =>
  real.single(["DEL", ...["a", "b", "c", "h", "i"].map((name) => `${run}:${name}`)]);

async function compareSingly(commands: string[][]): Promise<void> {
  const embedded = embeddedBackend(createEngine());
  const run = randomUUID();
  for (const command of commands.map((words) => own(words, run))) {
    const [ours, theirs] = [await embedded.single(command), await real.single(command)];
    expect({ command, reply: ours }).toEqual({ command, reply: settled(ours, theirs, command) });
  }
  await forget(run);
}

async function compareTransactions(transactions: string[][][]): Promise<void> {
  const embedded = embeddedBackend(createEngine());
  const run = randomUUID();
  for (const transaction of transactions) {
    const commands = transaction.map((words) => own(words, run));
    const [ours, theirs] = [await embedded.transaction(commands), await real.transaction(commands)];
    const expected =
      Array.isArray(ours) && Array.isArray(theirs)
        ? theirs.map((reply, index) => settled(ours[index], reply, commands[index]))
        : theirs;
    expect({ commands, replies: ours }).toEqual({ commands, replies: expected });
  }
  await forget(run);
}

async function compareKeys(names: string[], pattern: string): Promise<void> {
  const embedded = embeddedBackend(createEngine());
  const run = randomUUID();
  for (const name of names) {
    for (const backend of [embedded, real]) await backend.single(["SET", `${run}:${name}`, "1"]);
  }
  const found = [embedded, real].map(async (backend) => {
    const reply = await backend.single(["KEYS", `${run}:${pattern}`]);
    return "result" in reply && Array.isArray(reply.result) ? reply.result.map(String).sort() : reply;
  });
  const [ours, theirs] = await Promise.all(found);
  expect({ names, pattern, found: ours }).toEqual({ names, pattern, found: theirs });
  await real.single(["DEL", ...names.map((name) => `${run}:${name}`), run]);
}
