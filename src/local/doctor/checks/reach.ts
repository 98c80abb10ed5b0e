import { lookup } from "node:dns/promises";
import { setTimeout } from "node:timers/promises";
import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import { shakeHands } from "../handshake.ts";
import { faultOf, fixOf, sentenceOf } from "../network-fault.ts";
import type { Patient } from "../patient.ts";
import { clockCheck } from "./clock.ts";

const DAY_MS = 86_400_000;
const WARN_WITHIN_DAYS = 21;

/** Whether an upstream can be reached at all: its name, its certificate, its clock. Ids begin with `id`. */
export function reachChecks(id: string, url: URL, patient: Patient): readonly Check[] {
  const [dns, tls] = [`${id}.dns`, `${id}.tls`];
  return [
    { id: dns, run: (says) => checkName(says, url, patient.timeoutMs) },
    { id: tls, needs: [dns], run: (says) => checkCertificate(says, url, patient) },
    clockCheck(`${id}.clock`, url, { patient, needs: [tls] }),
  ];
}

async function checkName(says: Says, { hostname }: URL, timeoutMs: number): Promise<Finding> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const ended = new AbortController();
  try {
    const late = setTimeout(timeoutMs, null, { signal: ended.signal });
    const addresses = await Promise.race([lookup(host, { all: true }), late]);
    if (addresses === null) return says.fail(sentenceOf("timeout", `DNS for ${host}`), fixOf("no_such_host"));
    const count = addresses.length === 1 ? "one address" : `${addresses.length} addresses`;
    return says.ok(`${host} has ${count}.`);
  } catch (error) {
    const fault = faultOf(error);
    return says.fail(sentenceOf(fault, host), fixOf(fault));
  } finally {
    ended.abort();
  }
}

async function checkCertificate(says: Says, url: URL, patient: Patient): Promise<Finding> {
  const { trust, timeoutMs, now } = patient;
  const handshake = await shakeHands(url, { trust, timeoutMs });
  if (!handshake.ok) {
    const { fault, expiresAt } = handshake;
    const since =
      fault === "expired" && expiresAt !== null ? ` It ended ${daysIn(now() - expiresAt)} ago.` : "";
    return says.fail(`${sentenceOf(fault, url.host)}${since}`, fixOf(fault));
  }
  const leftMs = handshake.expiresAt - now();
  const day = new Date(handshake.expiresAt).toISOString().slice(0, 10);
  if (leftMs < WARN_WITHIN_DAYS * DAY_MS) {
    return says.warn(
      `The certificate of ${url.host} ends in ${daysIn(leftMs)}, on ${day}.`,
      "Renew it. Upstash and AWS renew theirs by themselves, so find out who stands in between.",
    );
  }
  return says.ok(
    `${handshake.protocol} with ${url.host}; its certificate is good for ${daysIn(leftMs)} more.`,
  );
}

function daysIn(ms: number): string {
  const days = Math.max(0, Math.floor(ms / DAY_MS));
  return days === 1 ? "1 day" : `${days} days`;
}
