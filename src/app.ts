import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import type { MiddlewareHandler } from "hono";
import type { RouterRoute } from "hono/types";
import type { Deps, DepsResult } from "./deps.ts";
import type { Trace } from "./log.ts";
import { createTrace, requestIdOf, writeLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { toDataPoint } from "./metrics.ts";
import { refuse } from "./routes/answer.ts";
import type { AppContext, AppEnv } from "./routes/env.ts";
import { docs } from "./routes/docs.ts";
import { health } from "./routes/health.ts";
import { jwks } from "./routes/jwks.ts";
import { limitFlood } from "./routes/limit-flood.ts";
import { logout } from "./routes/logout.ts";
import { me } from "./routes/me.ts";
import { openapi } from "./routes/openapi.ts";
import { allowOwnPages } from "./routes/own-pages.ts";
import { ready } from "./routes/ready.ts";
import { refresh } from "./routes/refresh.ts";
import { sendOtp } from "./routes/send-otp.ts";
import { endSession, listSessions } from "./routes/sessions.ts";
import { verifyOtp } from "./routes/verify-otp.ts";
import { serverTiming } from "./server-timing.ts";
import { viewer } from "./routes/viewer.ts";
import { StoreUnavailable } from "./store/port.ts";
import { createSpanHeaders, loggableTraceId, parseTraceContext } from "./trace-context.ts";

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
  openapi: "/openapi.json",
  docs: "/docs",
  viewer: "/docs/:file",
} as const;

/** Milliseconds until a store that failed may have recovered. */
const STORE_RETRY_MS = 2000;

/** The whole API. Whatever happens, the answer is the envelope and the log has one line. */
export function createApp(depsFor: (env: object) => Promise<DepsResult>) {
  const app = new HonoBase<AppEnv>({ router: new TrieRouter() })
    .use(traceRequest)
    .use(requireConfig(depsFor))
    .use(allowOwnPages)
    .post(paths.sendOtp, limitFlood, ...sendOtp)
    .post(paths.verifyOtp, limitFlood, ...verifyOtp)
    .post(paths.refresh, ...refresh)
    .post(paths.logout, ...logout)
    .get(paths.me, ...me)
    .get(paths.sessions, ...listSessions)
    .delete(paths.session, ...endSession)
    .get(paths.jwks, ...jwks)
    .get(paths.health, ...health)
    .get(paths.ready, ...ready)
    .get(paths.openapi, ...openapi)
    .get(paths.docs, ...docs)
    .get(paths.viewer, ...viewer);
  for (const path of Object.values(paths)) app.all(path, refuseMethod(methodsAt(path, app.routes)));
  return app.notFound((c) => refuse(c, "NOT_FOUND", { reason: "no_route" })).onError(nameFailure);
}

/** What `createClient` infers its types from. */
export type AppType = ReturnType<typeof createApp>;

/** The methods that are registered for a path; whoever answers GET answers HEAD. */
function methodsAt(path: string, routes: readonly RouterRoute[]): string {
  const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
  return [...new Set(methods)].map((method) => (method === "GET" ? "GET, HEAD" : method)).join(", ");
}

const traceRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  // The router finds what is registered for all paths once more for a path that has a part `*`.
  const begun: Trace | undefined = c.get("trace");
  if (begun !== undefined) return next();
  const startedAt = Date.now();
  const trace = createTrace(requestIdOf(c.req.header("X-Request-Id")), c.req.method);
  const deferred: Promise<void>[] = [];
  const context = parseTraceContext(c.req.header("traceparent"), c.req.header("tracestate"));
  if (context !== null) trace.traceId = loggableTraceId(context);
  c.set("trace", trace);
  c.set("traceContext", context);
  c.set("defer", (work) =>
    deferred.push(work.catch((error: unknown) => void trace.deferredFailures.push(nameOf(error)))),
  );
  await next();
  // Not by `c.header`, which makes a response anew for each header that comes late.
  const { headers } = c.res;
  headers.set("X-Request-Id", trace.requestId);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  trace.route = routeOf(c.req.path);
  trace.status = c.res.status;
  trace.durationMs = Date.now() - startedAt;
  // Whoever guesses at other people's numbers has no business knowing what each answer took.
  if (isWatched(c)) headers.set("Server-Timing", serverTiming(trace));
  const finish = () => {
    writePoint(trace, c.get("metrics"));
    writeLog(trace);
  };
  if (deferred.length === 0) finish();
  else c.executionCtx.waitUntil(Promise.all(deferred).then(finish));
};

/** Anything but production. */
function isWatched(c: AppContext): boolean {
  const deps: Deps | undefined = c.get("deps");
  return deps !== undefined && deps.config.environment !== "production";
}

/** Metrics fail no request. */
function writePoint(trace: Trace, metrics: Metrics | null | undefined): void {
  try {
    metrics?.writeDataPoint(toDataPoint(trace));
  } catch (error) {
    trace.deferredFailures.push(`metrics ${nameOf(error)}`);
  }
}

/** The pattern, since a path can hold what must not be logged. */
function routeOf(path: string): string {
  if (path.startsWith(`${paths.sessions}/`)) return paths.session;
  if (path.startsWith(`${paths.docs}/`)) return paths.viewer;
  return Object.values(paths).find((pattern) => pattern === path) ?? "none";
}

/** Closed, not quiet: a Worker whose configuration is wrong serves nothing, and its log says what is wrong. */
function requireConfig(depsFor: (env: object) => Promise<DepsResult>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const known: Deps | undefined = c.get("deps");
    if (known !== undefined) return next();
    const trace = c.get("trace");
    const deps = await depsFor(c.env);
    c.set("metrics", deps.metrics);
    if ("problems" in deps) {
      trace.problems = deps.problems;
      return refuse(c, "MISCONFIGURED", { reason: "bindings" });
    }
    c.set("deps", deps);
    c.set("upstreams", deps.upstreams(trace, createSpanHeaders(c.get("traceContext"), deps.random)));
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
