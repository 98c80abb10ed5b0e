import type { Finding } from "./finding.ts";
import type { Patient } from "./patient.ts";
import { isSecret } from "./secret-names.ts";

/** Shorter than any secret that a Worker takes, and long enough not to be a word. */
const SHORTEST = 6;

/**
 * The last line of defence: whatever a check says, no value of a secret binding, no part of the phone number's middle
 * and no key material leaves. Checks are written so that this changes nothing.
 */
export function createRedaction({ bindings, phone }: Patient): (finding: Finding) => Finding {
  const secrets = Object.entries(bindings).flatMap(([name, value]) =>
    isSecret(name) ? partsOf(value) : testNumbersIn(name, value),
  );
  const hidden = [...secrets, ...(phone === null ? [] : [phone, phone.slice(1)])]
    .filter((text) => text.length >= SHORTEST)
    .toSorted((left, right) => right.length - left.length);
  const hide = (text: string): string =>
    hidden.reduce((shown, secret) => shown.replaceAll(secret, "[hidden]"), text);
  return (finding) =>
    finding.status === "ok"
      ? { ...finding, message: hide(finding.message) }
      : { ...finding, message: hide(finding.message), fix: hide(finding.fix) };
}

/** Of a text the text itself; of a key set the private members. */
function partsOf(value: unknown): readonly string[] {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const members = [...text.matchAll(/"d"\s*:\s*"([^"]+)"/g)].map(([, member = ""]) => member);
  return [text.trim(), ...members];
}

function testNumbersIn(name: string, value: unknown): readonly string[] {
  if (name !== "APPS") return [];
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.match(/\+[1-9]\d{6,14}/g) ?? [];
}
