import type { Report } from "./report.ts";

export interface Target {
  /** Without a slash at the end. */
  readonly serviceUrl: string;
  readonly inboxUrl: string;
}

export interface Answer {
  readonly status: number;
  /** `ok`, the error code, or `NO_ANSWER`. */
  readonly outcome: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Asked {
  readonly method?: "GET" | "POST";
  readonly body?: Readonly<Record<string, unknown>>;
  readonly token?: string;
  /** For `CF-Connecting-IP`, which `wrangler dev` takes from its caller, as Cloudflare would not. */
  readonly address: string;
}

export interface Client {
  ask(route: string, asked: Asked): Promise<Answer>;
  /** The newest code that was texted to this number, or null. */
  codeFor(phone: string): Promise<string | null>;
}

const TIMEOUT_MS = 15_000;

/** Calls the service as an app does, and writes each answer and its time into the report. */
export function createClient({ serviceUrl, inboxUrl }: Target, report: Report): Client {
  return {
    async ask(route, { method = "POST", body, token, address }) {
      const startedAt = performance.now();
      const answer = await call(`${serviceUrl}/api/v1/auth/${route}`, {
        method,
        headers: {
          "CF-Connecting-IP": address,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      report.add({ route, ...answer, durationMs: performance.now() - startedAt });
      return answer;
    },
    async codeFor(phone) {
      const response = await fetch(`${inboxUrl}/messages?phone=${encodeURIComponent(phone)}`);
      const [newest] = (await response.json()) as { readonly code: string | null }[];
      return newest?.code ?? null;
    },
  };
}

async function call(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    const { data = {}, error } = (await response.json()) as {
      readonly data?: Answer["data"];
      readonly error?: { readonly code?: string };
    };
    return { status: response.status, outcome: response.ok ? "ok" : (error?.code ?? "UNREADABLE"), data };
  } catch {
    return { status: 0, outcome: "NO_ANSWER", data: {} };
  }
}
