import { markdownTable } from "../../../report/markdown-table.ts";
import { percent, short, whole } from "../../../report/format.ts";
import type { Ceiling } from "../ceilings.ts";
import { byteDays, ceilingsOf } from "../ceilings.ts";
import type { Operation } from "../demand.ts";
import { loadOf } from "../load.ts";
import { PER_REQUEST } from "../limits.ts";
import type { Measured } from "../measured.ts";
import { MONTH_AFTER, SIGN_IN } from "../mix.ts";

/** What one request asks for, and how often it comes for each person who has signed in. */
export function demandTable({ demands, loads }: Measured): string {
  const times = new Map([...SIGN_IN, ...MONTH_AFTER]);
  const rows = [...demands].map(([operation, demand]) => [
    operation,
    short(times.get(operation) ?? 0),
    demand.each.join(" + "),
    whole(demand.bytes),
    String(demand.publishes),
    String(demand.transactions - demand.writing),
  ]);
  const sums = [
    ["**a sign-in**", loads.signIn],
    ["**a sign-in and its month**", loads.withMonth],
  ] as const;
  return markdownTable(
    [
      "request",
      "for each sign-in",
      "commands of its transactions",
      "bytes",
      "SMS",
      "transactions that only read",
    ],
    [
      ...rows,
      ...sums.map(([name, load]) => [
        name,
        short(load.requests),
        short(load.commands),
        whole(load.bytes),
        short(load.publishes),
        short(load.transactions - load.writing),
      ]),
    ],
  );
}

export function storedTable({ stored }: Measured): string {
  const rows = stored.map(({ kind, bytes, seconds }) => [`${kind}:`, String(bytes), short(seconds / 86_400)]);
  const all = `**all, over the days that they stay: ${whole(byteDays(stored))} byte-days**`;
  return markdownTable(["stored of a sign-in", "bytes", "days"], [...rows, [all, "", ""]]);
}

/** Which limit is met first. */
export function ceilingTable({ loads, stored }: Measured): string {
  const withMonth = ceilingsOf(loads.withMonth, stored);
  const also = (name: string) => withMonth.find((ceiling) => ceiling.name === name)?.rate ?? Number.NaN;
  const row = ({ name, rate, lifted }: Ceiling) => [name, short(rate), short(also(name)), lifted];
  return markdownTable(
    ["limit", "sign-ins a second, alone", "with a month of refreshes", "lifted by"],
    ceilingsOf(loads.signIn, stored).map(row),
  );
}

/** What moves the first limit that shards lift: how often tokens are refreshed, and how. */
export function levers({ demands, stored }: Measured): string {
  const commandsMetAt = (after: ReadonlyMap<Operation, number>) => {
    const load = loadOf(new Map([...SIGN_IN, ...after]), demands);
    return short(ceilingsOf(load, stored).find(({ counts }) => counts === "commands a second")?.rate ?? 0);
  };
  const times = MONTH_AFTER.get("refresh, rotate") ?? 0;
  const kept = commandsMetAt(new Map([["refresh, keep", times]]));
  const half = commandsMetAt(new Map([["refresh, rotate", times / 2]]));
  const often = commandsMetAt(new Map([["refresh, rotate", times * 8]]));
  return (
    `One database's commands are met at ${kept} sign-ins a second where roles keep their refresh tokens (\`keep\`), at ${half} where half as ` +
    `many refreshes come (access tokens that live longer), and at ${often} where eight times as many do (an app that is open all day).\n`
  );
}

/** What one request may do at Cloudflare, and does. */
export function perRequest({ demands }: Measured): string {
  const most = Math.max(
    ...[...demands.values()].map(({ transactions, publishes }) => transactions + publishes),
  );
  return (
    `No request here asks more than ${most} others, one after the other, of the ${PER_REQUEST.subrequestsFree} that the free plan and the ` +
    `${whole(PER_REQUEST.subrequestsPaid)} that the paid one allows, and of ${PER_REQUEST.connections} at once.\n`
  );
}

/** Whom a region that reads alone could answer. */
export function readRegions({ demands, loads }: Measured): string {
  const all = [...demands.values()];
  const transactions = all.reduce((sum, demand) => sum + demand.transactions, 0);
  const reading = all.reduce((sum, demand) => sum + demand.transactions - demand.writing, 0);
  return (
    `Of the ${transactions} transactions of these ${demands.size} requests ${reading} only read, so a read region could answer ` +
    `${percent(reading / transactions, 0)} of them; each one would bill every write once more: ${short(loads.signIn.commands)} ` +
    `commands more a sign-in and region.\n`
  );
}
