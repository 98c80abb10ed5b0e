import type { ChaosOptions, Findings } from "../parts.ts";

/** Every fault of an upstream against every request: what is answered, sent and kept, and whether people sign in afterwards. */
export function runMatrix(options: ChaosOptions): Promise<Findings> {
  return Promise.reject(new Error(`not yet, seed ${options.seed}`));
}
