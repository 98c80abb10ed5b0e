import { isInt64, requireInt64 } from "./numbers.ts";
import { invalidExpireTime, syntaxError } from "./redis-error.ts";

export interface ExpireOption {
  readonly time: string;
  readonly unit: "ex" | "px" | "exat" | "pxat";
}

export interface SetOptions {
  readonly onlyIf: "absent" | "present" | null;
  readonly get: boolean;
  readonly keepTtl: boolean;
  readonly persist: boolean;
  readonly expire: ExpireOption | null;
}

/** The options of SET and GETEX; what excludes another, or belongs to the other command, is a syntax error. */
export function parseSetOptions(command: "set" | "getex", options: readonly string[]): SetOptions {
  let parsed: SetOptions = { onlyIf: null, get: false, keepTtl: false, persist: false, expire: null };
  const forSet = command === "set";
  for (let index = 0; index < options.length; index += 1) {
    const option = options[index]?.toLowerCase() ?? "";
    const next = options[index + 1];
    const { onlyIf, keepTtl, persist, expire } = parsed;
    if (option === "nx" && forSet && onlyIf !== "present") parsed = { ...parsed, onlyIf: "absent" };
    else if (option === "xx" && forSet && onlyIf !== "absent") parsed = { ...parsed, onlyIf: "present" };
    else if (option === "get" && forSet) parsed = { ...parsed, get: true };
    else if (option === "keepttl" && forSet && expire === null) parsed = { ...parsed, keepTtl: true };
    else if (option === "persist" && !forSet && expire === null) parsed = { ...parsed, persist: true };
    else if (
      isUnit(option) &&
      next !== undefined &&
      !keepTtl &&
      !persist &&
      (expire === null || expire.unit === option)
    ) {
      parsed = { ...parsed, expire: { time: next, unit: option } };
      index += 1;
    } else throw syntaxError();
  }
  return parsed;
}

/** When a key with this option is gone, in ms since 1970. Zero, negative and overflowing times are refused. */
export function requireExpiry(command: string, { time, unit }: ExpireOption, now: number): number {
  const wanted = requireInt64(time);
  const scaled = unit === "ex" || unit === "exat" ? wanted * 1000n : wanted;
  const when = unit === "ex" || unit === "px" ? scaled + BigInt(now) : scaled;
  if (wanted <= 0n || !isInt64(scaled) || !isInt64(when)) throw invalidExpireTime(command);
  return Number(when);
}

const isUnit = (option: string): option is ExpireOption["unit"] =>
  option === "ex" || option === "px" || option === "exat" || option === "pxat";
