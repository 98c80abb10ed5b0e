import { embeddedBackend } from "../../../src/local/redis/backend.ts";
import type { Engine, Value } from "../../../src/local/redis/engine.ts";
import { createEngine } from "../../../src/local/redis/engine.ts";
import { challengeIdOf, createProtocol } from "../../harness/protocol.ts";
import { recordStore } from "../../harness/store-recorder.ts";
import { ownerOf } from "../../store/key-owner.ts";

/** A key that one sign-in leaves behind. */
export interface Stored {
  /** As in `otp:<S>`. */
  readonly kind: string;
  /** Of key, fields and values, without what the store itself needs for them. */
  readonly bytes: number;
  /** Seconds that it stays if nobody comes back. */
  readonly seconds: number;
}

/** Measured on a person who signs in, with the challenge id and without a wrong guess; shared keys are not a person's. */
export async function measureStored(): Promise<readonly Stored[]> {
  const engine = createEngine();
  const recorder = await recordStore(embeddedBackend(engine));
  try {
    const protocol = await createProtocol(recorder);
    recorder.watch(protocol.store);
    const challengeId = challengeIdOf(await protocol.send());
    await protocol.verify(protocol.tried.at(-1)?.code ?? "", { challengeId });
  } finally {
    recorder.close();
  }
  return listOf(ask(engine, "KEYS", "*"))
    .filter((key) => !("shared" in ownerOf(key)))
    .map((key) => ({
      kind: key.split(":")[0] ?? "",
      bytes: key.length + contentOf(engine, key).join("").length,
      seconds: Number(ask(engine, "TTL", key)),
    }));
}

function contentOf(engine: Engine, key: string): readonly string[] {
  return ask(engine, "TYPE", key) === "hash"
    ? listOf(ask(engine, "HGETALL", key))
    : listOf(ask(engine, "ZRANGE", key, "0", "-1", "WITHSCORES"));
}

function ask(engine: Engine, ...command: readonly string[]): Value {
  const [reply] = engine.run([command]);
  if (reply === undefined || "error" in reply) throw new Error(reply?.error ?? "no reply");
  return reply.result;
}

function listOf(value: Value): readonly string[] {
  if (!Array.isArray(value)) throw new Error("no list");
  return value.map(String);
}
