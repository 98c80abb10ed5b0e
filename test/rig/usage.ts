import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";

/** What a process has used. `cpuMs` counts all of its threads since its start. */
export interface Usage {
  readonly cpuMs: number;
  readonly memoryKib: number;
}

/** Of a process on Linux, from proc(5). */
export async function readUsage(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all(
    ["stat", "status"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8")),
  );
  // The name, in brackets, may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = (stat ?? "").slice((stat ?? "").lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const memoryKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1]);
  if (!Number.isFinite(ticks) || !Number.isFinite(memoryKib)) throw new Error(`/proc/${pid} cannot be read`);
  return { cpuMs: (ticks * 1000) / ticksPerSecond(), memoryKib };
}

let known: number | null = null;

function ticksPerSecond(): number {
  known ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return known;
}
