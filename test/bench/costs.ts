import type { Client } from "../rig/client.ts";
import type { Counts } from "../rig/upstreams.ts";
import type { Arena, Runner } from "./arena.ts";
import { nextPhone } from "./caller.ts";
import type { Contender } from "./contender.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";

export const STEPS = [
  "send",
  "resend",
  "verify, wrong",
  "verify, right",
  "verify, right, without challenge id",
  "verify, forged challenge id",
  "refresh",
] as const;

export type Step = (typeof STEPS)[number];

/** What one request asks of the upstreams; bytes of bodies, without HTTP's headers. */
export interface Cost {
  readonly requests: number;
  readonly commands: number;
  readonly bytes: number;
  readonly publishes: number;
}

export interface Costs {
  readonly name: string;
  /** Null for what this one does not know. */
  readonly of: Readonly<Record<Step, Cost | null>>;
}

type Measured = <Answer>(step: Step, ask: () => Promise<Answer>) => Promise<Answer>;

/** One request of each kind, by itself. */
export async function measureCosts({ runners, upstreams }: Arena<Contender>): Promise<readonly Costs[]> {
  const all: Costs[] = [];
  for (const runner of runners) {
    const of: Record<Step, Cost | null> = emptyCosts();
    const measured: Measured = async (step, ask) => {
      const before = await upstreams.counts();
      const answer = await ask();
      of[step] = difference(before, await upstreams.counts());
      return answer;
    };
    const takeCode = async (phone: string) => (await upstreams.takeCodes()).get(phone) ?? "";
    await signIn(runner, measured, takeCode);
    if (runner.candidate.name === edgeOtp.name) await askOurs(runner, measured, takeCode);
    all.push({ name: runner.candidate.name, of });
  }
  return all;
}

async function signIn(
  { candidate, client }: Runner<Contender>,
  measured: Measured,
  takeCode: (phone: string) => Promise<string>,
): Promise<void> {
  // A connection, and whatever is made once.
  await candidate.send(client, { phone: nextPhone() });
  const phone = nextPhone();
  await measured("send", () => candidate.send(client, { phone }));
  const { challengeId } = await measured("resend", () => candidate.send(client, { phone }));
  const code = await takeCode(phone);
  const wrong = String((Number(code) + 1) % 10 ** code.length).padStart(code.length, "0");
  await measured("verify, wrong", () => candidate.verify(client, { phone, challengeId, code: wrong }));
  await measured("verify, right", () => candidate.verify(client, { phone, challengeId, code }));
}

async function askOurs(
  { candidate, client }: Runner<Contender>,
  measured: Measured,
  takeCode: (phone: string) => Promise<string>,
): Promise<void> {
  const phone = nextPhone();
  await candidate.send(client, { phone });
  const code = await takeCode(phone);
  const forged = { phone, code, challengeId: "A".repeat(64) };
  await measured("verify, forged challenge id", () => candidate.verify(client, forged));
  const { answer } = await measured("verify, right, without challenge id", () =>
    candidate.verify(client, { phone, code, challengeId: null }),
  );
  await measured("refresh", () => refresh(client, answer.body));
}

async function refresh(client: Client, signedIn: unknown): Promise<void> {
  const body = signedIn as { readonly data?: { readonly tokens?: { readonly refreshToken?: string } } };
  const refreshToken = body.data?.tokens?.refreshToken;
  const { status } = await client.post("/api/v1/auth/refresh", { refreshToken });
  if (status !== 200) throw new Error(`refresh answers ${status}`);
}

function emptyCosts(): Record<Step, Cost | null> {
  return Object.fromEntries(STEPS.map((step) => [step, null])) as Record<Step, Cost | null>;
}

function difference(before: Counts, after: Counts): Cost {
  const of = (name: keyof Counts) => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    requests: of("requests"),
    commands: of("commands"),
    bytes: of("bytesIn") + of("bytesOut"),
    publishes: of("publishes"),
  };
}
