import type { App } from "../config/apps.ts";
import type { PhoneRefusal, Phone } from "../phone.ts";
import { parsePhone } from "../phone.ts";
import { PUBLIC } from "../errors.ts";
import type { Refusal } from "./answer.ts";
import { refuse } from "./answer.ts";
import type { AppContext } from "./env.ts";
import { refuseFields } from "./json-body.ts";

export interface Caller {
  readonly app: App;
  readonly phone: Phone;
  readonly clientAddress: string;
  /** Who runs the caller's network, such as `AS55836`; null where Cloudflare does not say. */
  readonly operator: string | null;
  readonly idempotencyKey: string | null;
}

/** Who signs in to what, from where: what send and verify both begin with. The refusal is a response, ready to return. */
export function readCaller(
  c: AppContext,
  body: { readonly phone: string; readonly role: string | null; readonly app: string | null },
): Caller | { readonly refusal: Refusal<"INVALID_REQUEST" | (typeof PUBLIC)[PhoneRefusal]> } {
  const { byRole, defaultRole, testNumbers } = c.get("deps").config.apps;
  const trace = c.get("trace");
  if (body.role !== null && body.app !== null && body.role !== body.app) {
    return { refusal: refuseFields(c, [{ path: "app", message: "app and role must be the same" }]) };
  }
  const app = byRole.get(body.role ?? body.app ?? defaultRole);
  if (app === undefined) {
    const path = body.role === null ? "app" : "role";
    return { refusal: refuseFields(c, [{ path, message: `${path} is not one that this service knows` }]) };
  }
  const idempotencyKey = c.req.header("Idempotency-Key") ?? c.req.header("X-Idempotency-Key") ?? null;
  if (idempotencyKey !== null && !/^[ -~]{1,255}$/.test(idempotencyKey)) {
    const message = "Idempotency-Key must have 1 to 255 printable ASCII characters";
    return { refusal: refuseFields(c, [{ path: "Idempotency-Key", message }]) };
  }
  trace.role = app.role;
  const parsed = parsePhone(body.phone, { app, testNumbers });
  if (!parsed.ok) return { refusal: refusePhone(c, parsed.reason) };
  trace.phone = parsed.phone.masked;
  trace.country = parsed.phone.country;
  if (parsed.phone.fixedCode !== null) trace.testNumber = true;
  return {
    app,
    phone: parsed.phone,
    clientAddress: clientAddressOf(c.req.header("CF-Connecting-IP")),
    operator: operatorOf(c.req.raw),
    idempotencyKey,
  };
}

function refusePhone(c: AppContext, reason: PhoneRefusal) {
  return refuse(c, PUBLIC[reason], { reason });
}

/** By the number of its autonomous system, as Cloudflare tells it beside the request: no header can say otherwise. */
function operatorOf(
  request: Request & { readonly cf?: { readonly asn?: unknown } | undefined },
): string | null {
  const asn = request.cf?.asn;
  return typeof asn === "number" ? `AS${asn}` : null;
}

/** The only address that is believed; of IPv6 the /64, which is what one person has. Without one, all are "unknown". */
export function clientAddressOf(header: string | undefined): string {
  const text = header?.trim() ?? "";
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text;
  const url = `http://[${text}]/`;
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(url)) return "unknown";
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  const mapped = groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff" ? groups.slice(6) : null;
  return mapped === null ? groups.slice(0, 4).join(":") : dottedQuad(mapped);
}

/** The IPv4 address in an IPv4-mapped one (RFC 4291 section 2.5.5.2). */
function dottedQuad(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 0xff])
    .join(".");
}
