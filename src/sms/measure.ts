import { septetsOf } from "./gsm7.ts";

/** How a text travels. */
export interface SmsSize {
  readonly encoding: "GSM-7" | "UCS-2";
  /** Septets, or UTF-16 code units. */
  readonly units: number;
  /** SMS that are paid for. */
  readonly parts: number;
  /** The larger of its bytes on the air and in UTF-8. */
  readonly bytes: number;
}

/** Units of a text that is alone, and of each part of a longer one, whose header takes six bytes. */
const ROOM = { "GSM-7": { alone: 160, part: 153 }, "UCS-2": { alone: 70, part: 67 } } as const;

/** One character outside GSM-7 turns the whole text into UCS-2: SNS transliterates nothing. */
export function measureSms(text: string): SmsSize {
  const characters = Array.from(text);
  const septets = characters.map(septetsOf);
  const encoding = septets.includes(null) ? "UCS-2" : "GSM-7";
  const widths =
    encoding === "GSM-7" ? septets.map((width) => width ?? 0) : characters.map(({ length }) => length);
  const units = widths.reduce((sum, width) => sum + width, 0);
  const onTheAir = encoding === "GSM-7" ? Math.ceil((units * 7) / 8) : units * 2;
  return {
    encoding,
    units,
    parts: units <= ROOM[encoding].alone ? 1 : countParts(widths, ROOM[encoding].part),
    bytes: Math.max(onTheAir, new TextEncoder().encode(text).length),
  };
}

/** An escape and what it escapes, or the halves of a surrogate pair, are never in two parts. */
function countParts(widths: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
