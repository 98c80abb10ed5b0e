import type { Point } from "./point.ts";

export interface Points {
  add(point: Point): void;
  /** Oldest first. */
  since(at: number): readonly Point[];
}

const CAPACITY = 100_000;
/** Dropping a tenth at once costs less than dropping one each time. */
const SLACK = 1.1;

/** The newest 100,000 requests, in memory, forgotten with the process. */
export function createPoints(capacity: number = CAPACITY): Points {
  let points: Point[] = [];
  return {
    add(point) {
      points.push(point);
      if (points.length > capacity * SLACK) points = points.slice(-capacity);
    },
    since(at) {
      const kept = points.slice(-capacity);
      const first = kept.findIndex((point) => point.at >= at);
      return first === -1 ? [] : kept.slice(first);
    },
  };
}
