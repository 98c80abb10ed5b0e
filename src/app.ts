import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import type { DepsResult } from "./deps.ts";
import { createTrace, requestIdOf, writeLog } from "./log.ts";
import { refuse } from "./routes/answer.ts";
import type { AppContext, AppEnv } from "./routes/env.ts";
import { health } from "./routes/health.ts";
import { jwks } from "./routes/jwks.ts";
import { logout } from "./routes/logout.ts";
import { me } from "./routes/me.ts";
import { ready } from "./routes/ready.ts";
import { refresh } from "./routes/refresh.ts";
import { sendOtp } from "./routes/send-otp.ts";
import { endSession, listSessions } from "./routes/sessions.ts";
import { verifyOtp } from "./routes/verify-otp.ts";
import { StoreUnavailable } from "./store/port.ts";

const paths = {
  sendOtp: "/api/v1/auth/send-otp",
  verifyOtp: "/api/v1/auth/verify-otp",
  refresh: "/api/v1/auth/refresh",
  logout: "/api/v1/auth/logout",
  me: "/api/v1/auth/me",
  sessions: "/api/v1/auth/sessions",
  session: "/api/v1/auth/sessions/:sid",
  jwks: "/.well-known/jwks.json",
  health: "/health",
  ready: "/ready",
} as const;

/** Milliseconds until a store that failed may have recovered. */
const STORE_RETRY_MS = 2000;

/** The whole API. Whatever happens, the answer is the envelope and the log has one line. */
export function createApp(depsFor: (env: object) => Promise<DepsResult>) {
  return new Hono<AppEnv>()
    .use(traceRequest)
    .use(requireConfig(depsFor))
    .post(paths.sendOtp, ...sendOtp)
    .post(paths.verifyOtp, ...verifyOtp)
    .post(paths.refresh, ...refresh)
    .post(paths.logout, ...logout)
    .get(paths.me, ...me)
    .get(paths.sessions, ...listSessions)
    .delete(paths.session, ...endSession)
    .get(paths.jwks, ...jwks)
    .get(paths.health, ...health)
    .get(paths.ready, ...ready)
    .all(paths.sendOtp, refuseMethod("POST"))
    .all(paths.verifyOtp, refuseMethod("POST"))
    .all(paths.refresh, refuseMethod("POST"))
    .all(paths.logout, refuseMethod("POST"))
    .all(paths.me, refuseMethod("GET, HEAD"))
    .all(paths.sessions, refuseMethod("GET, HEAD"))
    .all(paths.session, refuseMethod("DELETE"))
    .all(paths.jwks, refuseMethod("GET, HEAD"))
    .all(paths.health, refuseMethod("GET, HEAD"))
    .all(paths.ready, refuseMethod("GET, HEAD"))
    .notFound((c) => refuse(c, "NOT_FOUND", { reason: "no_route" }))
    .onError(nameFailure);
}

const traceRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  const startedAt = Date.now();
  const trace = createTrace(requestIdOf(c.req.header("X-Request-Id")), c.req.method);
  const deferred: Promise<void>[] = [];
  c.set("trace", trace);
  c.set("defer", (work) =>
    deferred.push(work.catch((error: unknown) => void trace.deferredFailures.push(nameOf(error)))),
  );
  await next();
  c.header("X-Request-Id", trace.requestId);
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
  trace.route = routeOf(c.req.path);
  trace.status = c.res.status;
  trace.durationMs = Date.now() - startedAt;
  if (deferred.length === 0) writeLog(trace);
  else c.executionCtx.waitUntil(Promise.all(deferred).then(() => writeLog(trace)));
};

/** The pattern, since a path can hold what must not be logged. */
function routeOf(path: string): string {
  if (path.startsWith(`${paths.sessions}/`)) return paths.session;
  return Object.values(paths).find((pattern) => pattern === path) ?? "none";
}

/** Closed, not quiet: a Worker whose configuration is wrong serves nothing, and its log says what is wrong. */
function requireConfig(depsFor: (env: object) => Promise<DepsResult>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const deps = await depsFor(c.env);
    if ("problems" in deps) {
      c.var.trace.problems = deps.problems;
      return refuse(c, "MISCONFIGURED", { reason: "bindings" });
    }
    c.set("deps", deps);
    c.set("upstreams", deps.upstreams(c.var.trace));
    await next();
    return undefined;
  };
}

function refuseMethod(allowed: string) {
  return (c: AppContext) =>
    refuse(c, "METHOD_NOT_ALLOWED", { reason: "method", headers: { Allow: allowed } });
}

function nameFailure(error: Error, c: AppContext): Response {
  if (error instanceof StoreUnavailable) {
    const reason = `store_${error.reason}`;
    return refuse(c, "SERVICE_UNAVAILABLE", {
      reason,
      retryAfterMs: STORE_RETRY_MS,
      extra: { upstream: "store" },
    });
  }
  return refuse(c, "INTERNAL_ERROR", { reason: nameOf(error) });
}

/** A name and where it was thrown, never a message, which could quote what it failed on. */
function nameOf(error: unknown): string {
  if (error instanceof StoreUnavailable) return `store_${error.reason}`;
  if (!(error instanceof Error)) return "not an Error";
  const frame = error.stack?.split("\n").find((line) => line.trim().startsWith("at "));
  return [error.name, frame?.trim()].filter(Boolean).join(" ");
}
