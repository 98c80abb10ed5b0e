import type { Client } from "../../rig/client.ts";
import { createClient } from "../../rig/client.ts";
import { rawBackend } from "../../rig/raw-backend.ts";
import { startRedisServer } from "../../rig/redis-server.ts";
import { startWorkerd } from "../../rig/workerd.ts";
import type { Upstreams } from "../../harness/upstreams.ts";
import { startUpstreams } from "../../harness/upstreams.ts";
import { openAuthority } from "../../../src/local/authority.ts";
import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import { nextPhone } from "../caller.ts";
import type { Contender, SendRequest, VerifyAnswer, VerifyRequest } from "../contender.ts";

/** A code in somebody's hands. */
export type Held = Pick<VerifyRequest, "phone" | "code" | "challengeId">;

/** One contender with a real Redis and SNS. */
export interface Stage {
  readonly contender: Contender;
  readonly client: Client;
  readonly upstreams: Upstreams;
  readonly redisUrl: string;
  /** What the store was asked, transactions apart. */
  readonly commands: readonly (readonly string[])[];
  /** Sends a code and takes it from the SMS, to a number that nobody has used before unless one is given. */
  obtainCode(request?: Partial<SendRequest>): Promise<Held>;
  verify(request: VerifyRequest): Promise<VerifyAnswer>;
  signsIn(request: VerifyRequest): Promise<boolean>;
  /** How many SMS this number has got. */
  countSms(phone: string): number;
}

export interface StageOptions {
  /** The path of the contender's one module. */
  readonly module: string;
  /** Where the certificate authority lives. */
  readonly directory: string;
  /** Past the proxies there are no faults, and many requests at once are quick. */
  readonly isDirect: boolean;
}

/** Starts all that a stage needs, and ends it after the measuring, whatever comes of that. */
export async function onStage<Found>(
  contender: Contender,
  { module, directory, isDirect }: StageOptions,
  measure: (stage: Stage) => Promise<Found>,
): Promise<Found> {
  const redis = await startRedisServer();
  const commands: (readonly string[])[] = [];
  const backend = recordCommands(rawBackend(redis.url), commands);
  const upstreams = await startUpstreams(backend, await openAuthority(directory));
  try {
    const { caPem } = upstreams.authority;
    const bindings = isDirect ? { ...upstreams.bindings, ...upstreams.directBindings } : upstreams.bindings;
    const workerd = await startWorkerd({ module, bindings: contender.bindings(bindings), caPem });
    const client = withoutErrors(createClient(workerd.url));
    try {
      return await measure(createStage(contender, client, { upstreams, redisUrl: redis.url, commands }));
    } finally {
      client.close();
      await workerd.stop();
    }
  } finally {
    await upstreams.close();
    await redis.stop();
  }
}

function createStage(
  contender: Contender,
  client: Client,
  around: Pick<Stage, "upstreams" | "redisUrl" | "commands">,
): Stage {
  const { sent } = around.upstreams;
  return {
    ...around,
    contender,
    client,
    async obtainCode({ phone = nextPhone(), ...caller } = {}) {
      const { isSent, challengeId, answer } = await contender.send(client, { phone, ...caller });
      const text = sent.findLast(({ to }) => to === phone)?.text ?? "";
      const code = /\b\d{6}\b/.exec(text)?.[0];
      if (!isSent || code === undefined) {
        throw new Error(`${contender.name} sends no code: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return { phone, code, challengeId };
    },
    verify: (request) => contender.verify(client, request),
    signsIn: async (request) => (await contender.verify(client, request)).verdict === "signed_in",
    countSms: (phone) => sent.filter(({ to }) => to === phone).length,
  };
}

/** A connection that breaks, as it does where a Worker's exception is caught by nobody, is an answer of status 0. */
function withoutErrors(client: Client): Client {
  return {
    ...client,
    async post(...asked) {
      const startedAt = performance.now();
      try {
        return await client.post(...asked);
      } catch {
        return { status: 0, headers: {}, body: null, ms: performance.now() - startedAt };
      }
    },
  };
}

function recordCommands(backend: RedisBackend, commands: (readonly string[])[]): RedisBackend {
  return {
    ...backend,
    single(command) {
      commands.push(command);
      return backend.single(command);
    },
  };
}
