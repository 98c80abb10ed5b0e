/** What a run has done. */
export interface Totals {
  histories: number;
  steps: number;
  /** Requests by what they ask for. */
  readonly requests: Record<string, number>;
  sms: number;
  /** Requests that an upstream has failed. */
  faulted: number;
  /** Exchanges times promises. */
  checks: number;
}

export function createTotals(): Totals {
  return { histories: 0, steps: 0, requests: {}, sms: 0, faulted: 0, checks: 0 };
}

/** In one line. */
export function tellTotals({ histories, steps, requests, sms, faulted, checks }: Totals): string {
  const kinds = Object.entries(requests).toSorted(([one], [other]) => one.localeCompare(other));
  return [
    `${histories} histories`,
    `${steps} steps`,
    ...kinds.map(([kind, count]) => `${count} ${kind}`),
    `${faulted} met a fault`,
    `${sms} SMS`,
    `${checks} checks`,
  ].join(", ");
}
