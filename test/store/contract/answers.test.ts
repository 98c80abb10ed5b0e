import { describe, expect, it } from "vitest";
import type { SessionId } from "../../../src/ids.ts";
import {
  connectStore,
  guessOf,
  issue,
  newInvocation,
  phoneId,
  sendOf,
  store,
  subject,
  upstreams,
  useStore,
} from "./ground.ts";

useStore();

describe("a request to the store", () => {
  it("is one /multi-exec with the bearer token, and asks for no encoding and sends no telemetry", async () => {
    await store.probe();
    const [exchange] = upstreams.store.exchanges;
    expect([upstreams.store.exchanges.length, exchange?.path]).toEqual([1, "/multi-exec"]);
    const token = upstreams.bindings["UPSTASH_REDIS_REST_TOKEN"];
    expect(exchange?.headers["authorization"]).toBe(`Bearer ${token ?? ""}`);
    const names = Object.keys(exchange?.headers ?? {});
    expect(names.filter((name) => name.startsWith("upstash-"))).toEqual([]);
  });
});

/** The last command of a send reads all texts. */
function textAt(replies: unknown[], place: number, nonsense: string): unknown[] {
  return replies.with(20, (replies[20] as unknown[]).with(place, nonsense));
}

describe("a store that cannot answer", () => {
  const ok = (replies: readonly unknown[]) => JSON.stringify(replies.map((result) => ({ result })));

  it.each([
    ["401", { status: 401, body: '{"error":"WRONGPASS invalid or missing auth token"}' }, "refused", 1],
    ["400 that quotes the command", { status: 400, body: '{"error":"ERR unknown command"}' }, "refused", 1],
    ["500", { status: 500, body: '{"error":"internal"}' }, "refused", 1],
    ["502 in HTML", { status: 502, body: "<html>bad gateway</html>" }, "malformed", 2],
    ["200 that is not JSON", { status: 200, body: "OK" }, "malformed", 2],
    ["200 with an object", { status: 200, body: '{"result":"OK"}' }, "network", 2],
    ["200 with too few replies", { status: 200, body: ok(["OK"]) }, "malformed", 2],
    ["200 with no replies", { status: 200, body: "[]" }, "malformed", 2],
    ["a reply that is missing", { status: 200, body: '[{"result":"OK"},{}]' }, "malformed", 2],
    [
      "a write that was refused",
      {
        status: 200,
        body: '[{"error":"READONLY You can\'t write against a read only replica."},{"result":"1"}]',
      },
      "refused",
      1,
    ],
    ["a redirect", { status: 307, body: "", headers: { location: "http://localhost:1/" } }, "malformed", 2],
  ] as const)("%s is StoreUnavailable", async (_, fault, reason, requests) => {
    upstreams.store.plan(() => fault);
    const failure = store.attachProfile({ subject, sid: "sid" as SessionId }, "sealed").then(
      () => null,
      (error: unknown) => error as { reason: string },
    );
    if (requests === 2 || reason === "refused") await failure;
    const repeatable = await store
      .openGuess({ purpose: "verify", address: "a" as never, window: 1 }, { subject, phoneId })
      .then(
        () => null,
        (error: unknown) => error as Error & { reason: string },
      );
    expect(repeatable).toMatchObject({ name: "StoreUnavailable" });
    expect(repeatable?.message).toMatch(/^store: (timeout|network|refused|malformed)$/);
    expect(upstreams.store.exchanges.length).toBeGreaterThanOrEqual(requests);
  });

  it.each([
    ["drop_before", "network"],
    ["drop_after", "network"],
    ["cut_in_body", "network"],
    ["hang_before", "timeout"],
    ["hang_after", "timeout"],
    ["stall_in_body", "timeout"],
  ] as const)("%s is tried twice, then StoreUnavailable", async (fault, reason) => {
    const hasty = connectStore(reason === "timeout" ? 150 : 10_000);
    upstreams.store.plan(() => fault);
    await expect(hasty.attachProfile({ subject, sid: "sid" as SessionId }, "sealed")).rejects.toMatchObject({
      name: "StoreUnavailable",
      reason,
    });
    expect(upstreams.store.exchanges.length).toBe(2);
  });

  it.each([
    ["a count that is null", (replies: unknown[]) => replies.with(3, null)],
    ["a count of 0 after counting", (replies: unknown[]) => replies.with(3, 0)],
    ["a negative count", (replies: unknown[]) => replies.with(3, -3)],
    ["a count that is text", (replies: unknown[]) => replies.with(3, "many")],
    ["a log with a score that is no number", (replies: unknown[]) => replies.with(1, ["s.id.a.b", "soon"])],
    ["a log of what we never wrote", (replies: unknown[]) => replies.with(1, ["id", "1"])],
    ["half of a log", (replies: unknown[]) => replies.with(1, ["s.id.a.b"])],
    ["no log", (replies: unknown[]) => replies.with(1, null)],
    ["a budget that is missing", (replies: unknown[]) => replies.with(5, null)],
    ["an empty hash", (replies: unknown[]) => replies.with(8, [])],
    ["a hash with a code that is none", (replies: unknown[]) => replies.with(8, ["seed", "1.2"])],
    ["no sends to the prefix", (replies: unknown[]) => replies.with(11, null)],
    ["a country's count of 0 after counting", (replies: unknown[]) => replies.with(13, 0)],
    ["a country's verified as nonsense", (replies: unknown[]) => replies.with(15, "many")],
    ["a network's count that is missing", (replies: unknown[]) => replies.with(16, null)],
    ["a network's verified that are missing", (replies: unknown[]) => replies.with(18, null)],
    ["sign-ins that are missing", (replies: unknown[]) => replies.with(19, null)],
    ["the hour before as nonsense", (replies: unknown[]) => textAt(replies, 0, "NaN")],
    ["a window of a country as nonsense", (replies: unknown[]) => textAt(replies, 3, "many")],
    ["a window of a network as nonsense", (replies: unknown[]) => textAt(replies, 9, "many")],
    ["a hold that is none", (replies: unknown[]) => textAt(replies, 14, "soon")],
    ["too few texts", (replies: unknown[]) => replies.with(20, ["1", "2"])],
    ["no texts", (replies: unknown[]) => replies.with(20, null)],
  ])("%s refuses", async (_, change) => {
    upstreams.store.plan(() => ({
      rewrite(body) {
        const replies = (JSON.parse(body) as { result: unknown }[]).map(({ result }) => result);
        return ok(change(replies));
      },
    }));
    await expect(store.openSend(await sendOf())).rejects.toMatchObject({
      name: "StoreUnavailable",
      reason: "malformed",
    });
  });

  it.each([
    ["openSend", async () => store.openSend(await sendOf())],
    [
      "openGuess",
      () => store.openGuess({ purpose: "verify", address: "a" as never, window: 1 }, { subject, phoneId }),
    ],
    ["claimGuess, right", () => store.claimGuess(guessOf(issue()))],
    ["claimGuess, wrong", () => store.claimGuess(guessOf(issue(), { isRight: false }))],
    ["replaceCode", () => store.replaceCode(subject, issue().nonce, issue())],
    ["takeOverSend", async () => store.takeOverSend(await sendOf(), newInvocation())],
    [
      "useSession",
      () =>
        store.useSession({ subject, sid: "sid" as SessionId, now: 1, ttlSeconds: null, generation: null }),
    ],
  ])("a hash of somebody else is none that does not exist: %s refuses", async (_, ask) => {
    upstreams.store.plan(({ body }) => ({
      rewrite(replied) {
        const commands = JSON.parse(body) as (readonly string[])[];
        const replies = (JSON.parse(replied) as { result: unknown }[]).map(({ result }) => result);
        return ok(
          replies.map((reply, index) =>
            /^hgetall$/i.test(commands[index]?.[0] ?? "") ? ["strange", "1"] : reply,
          ),
        );
      },
    }));
    await expect(ask()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "malformed" });
  });
});
