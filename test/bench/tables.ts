import { markdownTable } from "../report/markdown-table.ts";
import type { Costs, Step } from "./costs.ts";
import { STEPS } from "./costs.ts";
import type { Growth } from "./growth.ts";
import type { Latency } from "./latency.ts";
import { DISTANCE } from "./latency.ts";
import type { Start } from "./start.ts";
import type { Throughput } from "./throughput.ts";

export function costsTable(all: readonly Costs[]): string {
  const cell = (costs: Costs, step: Step): string => {
    const cost = costs.of[step];
    if (cost === null) return "–";
    const sms = cost.publishes === 0 ? "" : `, ${cost.publishes} SMS`;
    return `${cost.requests} · ${cost.commands} · ${cost.bytes}${sms}`;
  };
  return markdownTable(
    ["store requests · commands · bytes", ...all.map(({ name }) => name)],
    STEPS.map((step) => [step, ...all.map((costs) => cell(costs, step))]),
  );
}

export function latencyTable(all: readonly Latency[]): string {
  const { store, sms } = DISTANCE;
  return markdownTable(
    [`time ÷ what the way takes (store ${store} ms, SNS ${sms} ms)`, ...all.map(({ name }) => name)],
    [
      [`send, p50 ÷ ${store + sms} ms`, ...all.map(({ send }) => ratio(send.p50))],
      [`send, p99`, ...all.map(({ send }) => ratio(send.p99))],
      [`verify, p50 ÷ ${store} ms`, ...all.map(({ verify }) => ratio(verify.p50))],
      [`verify, p99`, ...all.map(({ verify }) => ratio(verify.p99))],
    ],
  );
}

export function throughputTable(all: readonly Throughput[]): string {
  return markdownTable(
    ["÷ a bare Worker with the service's calls", ...all.map(({ name }) => name)],
    [
      ["sends a second", ...all.map(({ send }) => ratio(send.rate))],
      ["sends for a second of CPU", ...all.map(({ send }) => ratio(send.perCpu))],
      ["verifies a second", ...all.map(({ verify }) => ratio(verify.rate))],
      ["verifies for a second of CPU", ...all.map(({ verify }) => ratio(verify.perCpu))],
    ],
  );
}

export function startTable(all: readonly Start[]): string {
  return markdownTable(
    ["start", ...all.map(({ name }) => name)],
    [
      ["bundle, KiB gzip", ...all.map(({ gzipKib }) => gzipKib.toFixed(0))],
      ["first answer ÷ that of a Hono hello-world", ...all.map((start) => ratio(start.ratio))],
    ],
  );
}

export function growthTable(all: readonly Growth[]): string {
  return markdownTable(
    ["live challenges in the store", ...all.map(({ live }) => live.toLocaleString("en-US"))],
    [
      ["a verify ÷ the same beside the fewest", ...all.map(({ latency }) => ratio(latency))],
      ["bytes of Redis's memory for each", ...all.map(({ bytesEach }) => bytesEach.toFixed(0))],
    ],
  );
}

function ratio(value: number): string {
  return value.toFixed(2);
}
