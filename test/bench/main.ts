import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasSection, writeSection } from "../report/write-section.ts";
import type { Part } from "./parts.ts";
import { parts } from "./parts.ts";
import { openRing } from "./ring.ts";

const ALL = Object.keys(parts) as Part[];

const USAGE = `npm run bench -- [options]

  --only ${ALL.join(",")}
  --rounds 5     of each measurement; the tables show medians
  --write        puts the tables into test/bench/README.md too, and those that README.md has a place for there
`;

const PAGE = join(import.meta.dirname, "README.md");
const FRONT_PAGE = join(import.meta.dirname, "../../README.md");

async function bench(wanted: readonly Part[], rounds: number): Promise<ReadonlyMap<Part, string>> {
  const ring = await openRing();
  try {
    const tables = new Map<Part, string>();
    for (const part of wanted) {
      const table = await parts[part](ring, rounds);
      console.log(`\n${part}\n\n${table}`);
      tables.set(part, table);
    }
    return tables;
  } finally {
    await ring.close();
  }
}

async function write(name: string, table: string): Promise<void> {
  await writeSection(PAGE, name, table);
  if (await hasSection(FRONT_PAGE, name)) await writeSection(FRONT_PAGE, name, table);
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: ALL.join(",") },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const named = values.only.split(",");
const wanted = ALL.filter((part) => named.includes(part));
if (values.help || wanted.length !== named.length || !/^[1-9]\d?$/.test(values.rounds)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  const tables = await bench(wanted, Number(values.rounds));
  for (const [part, table] of values.write ? tables : []) await write(`bench ${part}`, table);
}
