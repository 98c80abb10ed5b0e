/** A whole number with its thousands apart. */
export function whole(of: number): string {
  return Math.round(of).toLocaleString("en-US");
}

export function percent(of: number, digits: number): string {
  return `${(100 * of).toFixed(digits)} %`;
}

/** With three significant digits, and no more of them than that. */
export function short(of: number): string {
  if (of >= 100) return whole(Number(of.toPrecision(3)));
  return String(Number(of.toPrecision(3)));
}

/** Cents where there are not many dollars. */
export function dollars(of: number): string {
  return of < 10 ? `$ ${of.toFixed(2)}` : `$ ${whole(of)}`;
}
