import { runMatrix } from "./matrix/run-matrix.ts";
import { runOutage } from "./outage/run-outage.ts";
import { runSoak } from "./soak/run-soak.ts";

export interface ChaosOptions {
  /** The path of the Worker's one module, as it is deployed. */
  readonly module: string;
  /** Where the certificate authority lives; gone afterwards. */
  readonly directory: string;
  /** The same seed makes the same choices. */
  readonly seed: number;
  /** Without a real Redis, where a part can do without. */
  readonly isEmbedded: boolean;
  /** How long the soak lasts. */
  readonly soakSeconds: number;
}

export interface Findings {
  /** Markdown. */
  readonly table: string;
  /** All of it, one by one, with tabs between; for whoever asks for it. */
  readonly details?: string;
  /** Every promise that was broken, a sentence each. */
  readonly failures: readonly string[];
}

export type RunPart = (options: ChaosOptions) => Promise<Findings>;

/** What `npm run chaos` does, in this order; each part starts and ends all that it needs. */
export const parts = {
  matrix: runMatrix,
  outage: runOutage,
  soak: runSoak,
} as const satisfies Readonly<Record<string, RunPart>>;

export type Part = keyof typeof parts;
