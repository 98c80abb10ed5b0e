import { markdownTable } from "../../../report/markdown-table.ts";
import { percent, short, whole } from "../../../report/format.ts";
import { databasesFor, limitsMet } from "../databases.ts";
import type { Operation } from "../demand.ts";
import { LIMITS, PUBLISH_PER_SECOND } from "../limits.ts";
import type { Measured } from "../measured.ts";
import { DAYS_A_MONTH, MONTH_AFTER, PEAK, SIGN_IN } from "../mix.ts";
import type { Region, Scenario } from "../scenario.ts";
import type { Traffic, Waits } from "../simulate.ts";
import { simulate } from "../simulate.ts";

const RATES = [1, 10, 100, 1000, 10_000] as const;
const SEED = "1";

const INDIA: Scenario = { audience: "India", primary: "ap-south-1", sns: ["ap-south-1", "ap-south-2"] };

const ALONE = { mix: SIGN_IN, load: "signIn", requests: 20_000 } as const;
const WITH_MONTH = {
  mix: new Map<Operation, number>([...SIGN_IN, ...MONTH_AFTER]),
  load: "withMonth",
  requests: 120_000,
} as const;

/** One database of as many as it takes, each with its part of what SNS takes, raised where that is not enough. */
function trafficOf(rate: number, databases: number, of: typeof ALONE | typeof WITH_MONTH): Traffic {
  return {
    mix: of.mix,
    rate: rate / databases,
    commandsPerSecond: LIMITS.commands.value,
    publishesPerSecond: (region: Region) => Math.max(PUBLISH_PER_SECOND[region], 2 * rate) / databases,
    requests: of.requests,
    seed: SEED,
  };
}

/** What each rate asks of each resource, and what people wait for with as many databases as it takes. */
export function rateTable(measured: Measured, kind: "alone" | "with a month"): string {
  const of = kind === "alone" ? ALONE : WITH_MONTH;
  const load = measured.loads[of.load];
  const rows = RATES.map((rate) => {
    const databases = databasesFor(rate, load, measured.stored);
    const { send, verify, busy } = simulate(INDIA, trafficOf(rate, databases, of), measured.demands);
    return [
      whole(rate),
      short(((rate / PEAK) * 86_400 * DAYS_A_MONTH) / 1e6),
      short((rate * load.commands) / LIMITS.commands.value),
      short((rate * load.publishes) / LIMITS.smsRate.value),
      short((rate * load.publishes) / LIMITS.publishes.value),
      limitsMet(rate, load, measured.stored).join(", ") || "none",
      whole(databases),
      percent(busy, 0),
      waits(send),
      waits(verify),
    ];
  });
  return markdownTable(
    [
      `sign-ins a second, ${kind}`,
      "million a month",
      "times one database's commands",
      "times 20 SMS a second",
      "times 1,800 Publish a second",
      "limits met, the first one first",
      "databases",
      "each busy",
      "send, p50 / p99 ms",
      "verify, p50 / p99 ms",
    ],
    rows,
  );
}

/** Where one database ends. */
export function cliffTable({ demands, loads }: Measured): string {
  const full = LIMITS.commands.value / loads.signIn.commands;
  const rows = [0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05].map((share) => {
    const { send, verify } = simulate(INDIA, trafficOf(share * full, 1, ALONE), demands);
    return [
      percent(share, 0),
      short(share * full),
      waits(send),
      waits(verify),
      percent(send.failed, 1),
      percent(verify.failed, 1),
    ];
  });
  return markdownTable(
    [
      "of one database's commands",
      "sign-ins a second",
      "send, p50 / p99 ms",
      "verify, p50 / p99 ms",
      "sends that failed",
      "verifies that failed",
    ],
    rows,
  );
}

/** Who waits how long, by where the primary is, with the Worker beside it, at ten sign-ins a second. */
export function placeTable({ demands }: Measured): string {
  const rows = (["ap-south-1", "us-east-1", "eu-west-1"] as const).map((primary) => [
    primary,
    ...(["India", "the world"] as const).flatMap((audience) => {
      const sns = audience === "India" ? INDIA.sns : (["ap-south-1", "us-east-1"] as const);
      const { send, verify } = simulate({ audience, primary, sns }, trafficOf(10, 1, ALONE), demands);
      return [waits(send), waits(verify)];
    }),
  ]);
  return markdownTable(
    ["primary", "India: send, p50 / p99 ms", "verify", "the world: send, p50 / p99 ms", "verify"],
    rows,
  );
}

function waits({ p50, p99 }: Waits): string {
  return `${whole(p50)} / ${whole(p99)}`;
}
