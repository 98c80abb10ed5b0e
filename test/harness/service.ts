import { randomInt } from "node:crypto";
import type { V4WorkerOptions } from "miniflare";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { DataPoint } from "../../src/metrics.ts";
import { violations } from "./description.ts";
import type { Upstreams } from "./upstreams.ts";
import { startUpstreams } from "./upstreams.ts";

export const APPS = {
  customer: {
    name: "Weelo",
    default: true,
    defaultCountry: "IN",
    countries: ["IN", "US"],
    senderId: "WEELO",
    androidHash: "AbCdEfGhIjK",
    templates: { en: "Your Weelo verification code is: {code}. Valid for {minutes} minutes." },
  },
  transporter: { name: "Weelo Captain", defaultCountry: "IN", countries: ["IN"] },
  driver: { name: "Weelo Captain", defaultCountry: "IN", countries: ["IN"], requireChallenge: true },
} as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; every answer of this service has one. */
  readonly body: AnswerBody;
}

export interface AnswerBody {
  readonly success: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

/** The Worker as it would be deployed, in workerd, with both upstreams. */
export interface Service extends Upstreams {
  readonly url: string;
  /** The Worker's log lines. */
  readonly logs: Readonly<Record<string, unknown>>[];
  /** Whatever else it printed. */
  readonly noise: string[];
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Answer>;
  sendOtp(
    body: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  verifyOtp(
    body: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** The code of the newest SMS to this number. */
  codeFor(phone: string): string;
}

const BUNDLE = process.env["EDGE_OTP_TEST_BUNDLE"] ?? "";

/** The Worker with a dataset whose points go the way of the log lines. */
const WITH_POINTS = `
  import worker from ".${BUNDLE}";
  const METRICS = { writeDataPoint: (point) => console.log(JSON.stringify({ point })) };
  let bound;
  export default { fetch: (request, env, ctx) => worker.fetch(request, (bound ??= { ...env, METRICS }), ctx) };`;

export async function startService(
  overrides: Readonly<Record<string, unknown>> = {},
  upstreams?: Upstreams,
  /** What miniflare makes itself. */
  made: Pick<V4WorkerOptions, "ratelimits" | "analyticsEngineDatasets" | "serviceBindings"> = {},
  /** Binds `METRICS`, and gets each point. */
  onPoint?: (point: DataPoint) => void,
): Promise<Service> {
  const around = upstreams ?? (await startUpstreams());
  const logs: Record<string, unknown>[] = [];
  const noise: string[] = [];
  const bindings = { ...around.bindings, APPS, ...overrides };
  const known = Object.entries(bindings).filter(([, value]) => value !== undefined);
  const options = convertV4MiniflareOptions({
    modules: [
      ...(onPoint ? [{ type: "ESModule" as const, path: "/with-points.js", contents: WITH_POINTS }] : []),
      { type: "ESModule" as const, path: BUNDLE },
    ],
    modulesRoot: "/",
    compatibilityDate: "2026-10-20",
    ...made,
    bindings: Object.fromEntries(known) as unknown as Record<string, string>,
    handleStructuredLogs({ message }) {
      const parsed = parseLine(message);
      if (parsed === null) noise.push(message);
      else if (parsed["point"] !== undefined) onPoint?.(parsed["point"] as DataPoint);
      else logs.push(parsed);
    },
  });
  const miniflare = new Miniflare(options);
  const url = (await miniflare.ready).toString().replace(/\/$/, "");

  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const { status, headers } = response;
    const { method = "GET", body: sent } = init;
    // Whatever a test is about, its answers are as the document says.
    const wrong = violations({ method, path: new URL(url + path).pathname, sent, status, headers, text });
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text || "{}") as AnswerBody,
    };
  }
  const post: Service["post"] = (path, body, headers = {}) =>
    request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=UTF-8", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  return {
    ...around,
    url,
    logs,
    noise,
    request,
    post,
    sendOtp: (body, headers) => post("/api/v1/auth/send-otp", body, headers),
    verifyOtp: (body, headers) => post("/api/v1/auth/verify-otp", body, headers),
    codeFor(phone) {
      const sms = around.sent.findLast(({ to }) => to.endsWith(phone.replace(/\D/g, "")));
      const code = /\d{4,10}/.exec(sms?.text ?? "")?.[0];
      if (code === undefined) throw new Error(`no SMS to ${phone}`);
      return code;
    },
    async close() {
      await miniflare.dispose();
      await around.close();
    },
  };
}

/** A mobile number in India that no other test uses. */
export function freshPhone(): string {
  return `98${randomInt(1e7, 1e8)}`;
}

/** Other digits than these. */
export function wrongGuess(code: string, offset = 1): string {
  return String((Number(code) + offset) % 10 ** code.length).padStart(code.length, "0");
}

/** An address of the range kept for documentation that no other test uses. */
export function freshAddress(): string {
  return `198.${18 + randomInt(2)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

function parseLine(message: string): Record<string, unknown> | null {
  try {
    return JSON.parse(message) as Record<string, unknown>;
  } catch {
    return null;
  }
}
