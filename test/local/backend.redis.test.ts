import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { realBackend } from "../../src/local/redis/backend.ts";

const url = process.env["REDIS_URL"];
if (url === undefined) throw new Error("This test needs a real Redis: set REDIS_URL");
const real = realBackend(url);
afterAll(() => real.close());

describe("a real Redis behind the front", () => {
  it.each([
    ["SHUTDOWN"],
    ["CONFIG", "GET", "*"],
    ["EVAL", "return 1", "0"],
    ["WATCH", "a"],
    ["MULTI"],
    ["EXEC"],
  ])("never sees %s", async (...command) => {
    expect(await real.single(command)).toEqual({ error: expect.stringMatching(/^ERR unknown command/) });
  });

  it("runs nothing of a transaction with a command that it must not see", async () => {
    const key = randomUUID();
    const refused = await real.transaction([
      ["SET", key, "1"],
      ["EVAL", "return 1", "0"],
    ]);
    expect(refused).toEqual({ error: "EXECABORT Transaction discarded because of previous errors." });
    expect(await real.single(["EXISTS", key])).toEqual({ result: 0 });
  });

  it("keeps transactions apart that are sent at once", async () => {
    const key = randomUUID();
    const transactions = Array.from({ length: 50 }, () =>
      real.transaction([
        ["INCR", key],
        ["INCR", key],
        ["GET", key],
      ]),
    );
    const replies = (await Promise.all(transactions)).map((reply) => JSON.stringify(reply));
    const expected = Array.from({ length: 50 }, (_, index) => {
      const end = 2 * index + 2;
      return JSON.stringify([{ result: end - 1 }, { result: end }, { result: String(end) }]);
    });
    expect(replies).toEqual(expected);
    await real.single(["DEL", key]);
  });
});
