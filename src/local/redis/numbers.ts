import { RedisError } from "./redis-error.ts";

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

export const isInt64 = (value: bigint): boolean => value >= LOWEST && value <= HIGHEST;

/** A signed 64-bit integer as Redis writes it (no plus, no leading zero), else null. */
export function parseInt64(text: string): bigint | null {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return isInt64(value) ? value : null;
}

/** Throws Redis's own words when the text is no 64-bit integer. */
export function requireInt64(text: string): bigint {
  const value = parseInt64(text);
  if (value === null) throw new RedisError("ERR value is not an integer or out of range");
  return value;
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** A score as ZADD takes it: decimal, or ±inf. What overflows a double or vanishes in one is refused. */
export function requireScore(text: string): number {
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  const value = FLOAT.test(text) ? Number(text) : NaN;
  const vanished = value === 0 && /[1-9]/.test(text.replace(/e.*$/i, ""));
  if (!Number.isFinite(value) || vanished) throw new RedisError("ERR value is not a valid float");
  return value;
}

/** Sorted-set bounds: `5`, `(5` (exclusive), `-inf`. */
export interface ScoreRange {
  readonly min: number;
  readonly minExclusive: boolean;
  readonly max: number;
  readonly maxExclusive: boolean;
}

export function requireScoreRange(min: string, max: string): ScoreRange {
  return {
    min: requireBound(min),
    minExclusive: min.startsWith("("),
    max: requireBound(max),
    maxExclusive: max.startsWith("("),
  };
}

function requireBound(text: string): number {
  const digits = text.replace(/^\(/, "").trimStart();
  const infinite = INFINITY.exec(digits);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  // strtod reads nothing from an empty text, and Redis takes that for zero.
  const value = digits === "" ? 0 : FLOAT.test(digits) ? Number(digits) : NaN;
  if (Number.isNaN(value)) throw new RedisError("ERR min or max is not a float");
  return value;
}

export const inScoreRange = (score: number, range: ScoreRange): boolean =>
  (range.minExclusive ? score > range.min : score >= range.min) &&
  (range.maxExclusive ? score < range.max : score <= range.max);

/** C's `%.17g`, which is how Redis 7.0 prints a score: 0.1 is "0.10000000000000001". */
export function formatScore(score: number): string {
  if (score === Infinity) return "inf";
  if (score === -Infinity) return "-inf";
  if (score === 0) return Object.is(score, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = score.toExponential(16).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 17) {
    const fixed = score.toPrecision(17);
    return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
  }
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa.replace(/\.?0+$/, "")}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
