import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { MonthOptions, MonthResult } from "./month.ts";
import { runMonth } from "./month.ts";

/** `runMonth` in a thread of its own, so that two processors do twice as much. */
export function runApart(options: MonthOptions): Promise<MonthResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

if (!isMainThread) parentPort?.postMessage(await runMonth(workerData as MonthOptions), []);
