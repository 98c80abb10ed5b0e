import type { SessionId } from "../ids.ts";
import type { App } from "../config/apps.ts";
import { openRecord } from "../sessions/session.ts";
import { refuse, succeed } from "./answer.ts";
import { requireBearer } from "./bearer.ts";
import { createHandlers } from "./handlers.ts";

/** `GET /api/v1/auth/sessions`: the caller's own that are alive, the last used first. Times in ISO 8601. */
export const listSessions = createHandlers(async (c) => {
  const bearer = await requireBearer(c);
  if ("refusal" in bearer) return bearer.refusal;
  const { deps, upstreams } = c.var;
  const { subject, sid: current } = bearer.ref;
  const listed = await upstreams.store.listSessions(subject, usedSince(bearer.app, deps.now()));
  const states = await upstreams.store.readSessions(
    subject,
    listed.map(({ sid }) => sid),
  );
  const sessions = await Promise.all(
    listed.map(async ({ sid, lastUsedAt }, index) => {
      const state = states[index];
      if (state?.record === undefined || state.record === null || state.ended !== null) return null;
      const record = await openRecord(deps.seal, { subject, sid }, state.record);
      if (record === null) return null;
      const { createdAt, deviceId, deviceName, userAgent } = record;
      const times = { createdAt: isoTime(createdAt), lastUsedAt: isoTime(lastUsedAt) };
      return {
        sid: String(sid),
        role: bearer.app.role,
        ...times,
        deviceId,
        deviceName,
        userAgent,
        current: sid === current,
      };
    }),
  );
  return succeed(c, { sessions: sessions.filter((session) => session !== null) });
});

/** `DELETE /api/v1/auth/sessions/{sid}`: ends one of the caller's own. */
export const endSession = createHandlers(async (c) => {
  const bearer = await requireBearer(c);
  if ("refusal" in bearer) return bearer.refusal;
  const { deps, upstreams } = c.var;
  const { store } = upstreams;
  const { subject } = bearer.ref;
  const listed = await store.listSessions(subject, usedSince(bearer.app, deps.now()));
  const wanted = listed.find(({ sid }) => sid === c.req.param("sid"));
  if (wanted === undefined) return refuse(c, "NOT_FOUND", { reason: "no_session" });
  await store.endSessions(subject, [wanted.sid satisfies SessionId], "signed_out");
  return succeed(c, { message: "The session has ended." });
});

/** One that was not used since has slid out of its life. */
function usedSince({ refreshTokenSeconds }: App, now: number): number {
  return now - refreshTokenSeconds * 1000;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
