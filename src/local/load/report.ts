export interface Observed {
  readonly route: string;
  readonly status: number;
  readonly outcome: string;
  readonly durationMs: number;
}

export interface Report {
  add(observed: Observed): void;
  readonly requests: number;
  readonly failures: number;
  /** A table for people: each route and outcome, how often, and how long it took. */
  table(): string;
}

export function createReport(): Report {
  const all: Observed[] = [];
  const isFailure = ({ status }: Observed) => status === 0 || status >= 500;
  return {
    add: (observed) => void all.push(observed),
    get requests() {
      return all.length;
    },
    get failures() {
      return all.filter(isFailure).length;
    },
    table: () => formatTable([HEAD, ...rowsOf(all)]),
  };
}

const HEAD = ["route", "status", "outcome", "count", "p50", "p99"];

function rowsOf(all: readonly Observed[]): string[][] {
  const groups = Map.groupBy(all, ({ route, status, outcome }) => [route, status || "–", outcome].join(" "));
  return [...groups]
    .sort(([a, left], [b, right]) => firstWord(a).localeCompare(firstWord(b)) || right.length - left.length)
    .map(([name, group]) => {
      const times = group.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
      return [...name.split(" "), String(group.length), quantile(times, 0.5), quantile(times, 0.99)];
    });
}

const firstWord = (text: string): string => text.split(" ")[0] ?? "";

function quantile(sorted: readonly number[], level: number): string {
  return `${Math.round(sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? 0)} ms`;
}

/** Text to the left, numbers to the right. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return lines.join("\n");
}
