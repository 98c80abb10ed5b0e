import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NOBODY } from "../../src/directory/nobody.ts";
import type { DirectoryAnswer } from "../../src/directory/port.ts";
import type { SessionsHarness } from "../harness/sessions.ts";
import { createSessions } from "../harness/sessions.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
let rotating: SessionsHarness;
let keeping: SessionsHarness;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
beforeEach(async () => {
  upstreams.store.reset();
  rotating = await createSessions(upstreams, "rotate");
  keeping = await createSessions(upstreams, "keep");
});
afterAll(() => upstreams.close());

const second = 1000;
const day = 86_400 * second;

describe("a refresh token that rotates", () => {
  it("gives the next one, in one store request, and the claims of the sign-in", async () => {
    const { tokens } = await rotating.signIn();
    upstreams.store.reset();
    const next = await rotating.refresh(tokens.refreshToken);
    expect(upstreams.store.exchanges.length).toBe(1);
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    const [before, after] = [await rotating.read(tokens.accessToken), await rotating.read(next.accessToken)];
    expect(after).toEqual(before);
  });

  it("gives fifty uses at once the same next token", async () => {
    const { tokens } = await rotating.signIn();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => rotating.refresh(tokens.refreshToken)),
    );
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
  });

  it("gives the same next token to the end of its grace time", async () => {
    const { tokens } = await rotating.signIn();
    const first = await rotating.refresh(tokens.refreshToken);
    rotating.clock.now += 30 * second;
    expect((await rotating.refresh(tokens.refreshToken)).refreshToken).toBe(first.refreshToken);
    await rotating.refresh(first.refreshToken);
  });

  it("is stolen when it is used after its grace time: the session ends at once, for both sides", async () => {
    const { tokens } = await rotating.signIn();
    const next = await rotating.refresh(tokens.refreshToken);
    rotating.clock.now += 30 * second + 1;
    expect(await rotating.refusal(tokens.refreshToken)).toBe("token_stolen");
    expect(await rotating.refusal(next.refreshToken)).toBe("session_stolen");
    expect(await rotating.refusal(tokens.refreshToken)).toBe("session_stolen");
  });

  it("is stolen when its successor was used before it, even within its grace time", async () => {
    const { tokens } = await rotating.signIn();
    const second_ = await rotating.refresh(tokens.refreshToken);
    const third = await rotating.refresh(second_.refreshToken);
    expect(await rotating.refusal(tokens.refreshToken)).toBe("token_stolen");
    expect(await rotating.refusal(third.refreshToken)).toBe("session_stolen");
  });

  it("is stolen however old it is", async () => {
    const { tokens } = await rotating.signIn();
    let token = tokens.refreshToken;
    for (let index = 0; index < 10; index += 1) {
      token = (await rotating.refresh(token)).refreshToken;
      rotating.clock.now += 60 * second;
    }
    expect(await rotating.refusal(tokens.refreshToken)).toBe("token_stolen");
    expect(await rotating.refusal(token)).toBe("session_stolen");
  });

  it("survives an answer that was lost before or after its work, and a store that is down", async () => {
    const { tokens } = await rotating.signIn();
    for (const fault of ["drop_before", "drop_after"] as const) {
      upstreams.store.plan((_, index) => (index === 0 ? fault : "pass"));
      await rotating.refresh(tokens.refreshToken);
      upstreams.store.plan(() => fault);
      await expect(rotating.refresh(tokens.refreshToken)).rejects.toMatchObject({ name: "StoreUnavailable" });
    }
    upstreams.store.plan(() => "pass");
    expect((await rotating.refresh(tokens.refreshToken)).refreshToken).not.toBe(tokens.refreshToken);
  });

  it("is not answered as stolen before the session has ended in the store", async () => {
    const { tokens } = await rotating.signIn();
    const next = await rotating.refresh(tokens.refreshToken);
    rotating.clock.now += 31 * second;
    upstreams.store.plan(({ body }) => (body.includes('"ended"') ? "drop_before" : "pass"));
    await expect(rotating.refusal(tokens.refreshToken)).rejects.toMatchObject({ name: "StoreUnavailable" });
    upstreams.store.plan(() => "pass");
    expect(await rotating.refusal(tokens.refreshToken)).toBe("token_stolen");
    expect(await rotating.refusal(next.refreshToken)).toBe("session_stolen");
  });
});

describe("a refresh token that is kept", () => {
  it("is answered as it came, however often and late", async () => {
    const { tokens } = await keeping.signIn();
    for (let index = 0; index < 5; index += 1) {
      keeping.clock.now += 20 * day;
      const answer = await keeping.refresh(tokens.refreshToken);
      expect([answer.refreshToken, answer.refreshExpiresIn]).toEqual([tokens.refreshToken, 30 * 86_400]);
    }
  });

  it("ends a year after the sign-in, whatever is done", async () => {
    const { tokens } = await keeping.signIn();
    keeping.clock.now += 359 * day;
    expect((await keeping.refresh(tokens.refreshToken)).refreshExpiresIn).toBe(86_400);
    keeping.clock.now += day;
    expect(await keeping.refusal(tokens.refreshToken)).toBe("session_ended");
  });
});

describe("a session", () => {
  it("survives its winner's repeat, whatever strangers guess after the win, and however often he signed in before", async () => {
    for (let index = 0; index < 5; index += 1) await keeping.signIn();
    const first = await keeping.trySignIn({ key: "k" });
    if (!first.ok) throw new Error(first.reason);
    await keeping.guessWrong(7);
    const again = await keeping.trySignIn({ key: "k" });
    expect(again).toMatchObject({ ok: true, tokens: { refreshToken: first.tokens.refreshToken } });
    expect((await keeping.refresh(first.tokens.refreshToken)).refreshToken).toBe(first.tokens.refreshToken);
  });

  it("whose rotated tokens were let go before its role began to keep them stays stolen by those", async () => {
    const { tokens } = await rotating.signIn();
    const next = await rotating.refresh(tokens.refreshToken);
    await rotating.refresh(next.refreshToken);
    expect(await rotating.asKeeping.refusal(tokens.refreshToken)).toBe("token_stolen");
  });

  it("gives a repeat of the sign-in that comes after refreshes the token that is next", async () => {
    const first = await rotating.trySignIn({ key: "k" });
    if (!first.ok) throw new Error(first.reason);
    const next = await rotating.refresh(first.tokens.refreshToken);
    const again = await rotating.trySignIn({ key: "k" });
    expect(again).toMatchObject({ ok: true, tokens: { refreshToken: next.refreshToken } });
  });
});

describe("a directory that changes its mind", () => {
  const record = { ...NOBODY, id: "user-42" };

  it("while two executions of one attempt ask it gives a suspended person no tokens", async () => {
    const answers: DirectoryAnswer[] = [{ kind: "suspended" }, { kind: "record", record }];
    const bothAsk = Promise.withResolvers<void>();
    const suspendedFirst = Promise.withResolvers<void>();
    let isDown = true;
    const asked = await createSessions(upstreams, "keep", async () => {
      if (isDown) return { kind: "unavailable", reason: "timeout" };
      const answer = answers.pop() ?? { kind: "suspended" };
      if (answers.length === 0) bothAsk.resolve();
      await bothAsk.promise;
      if (answer.kind === "record") await suspendedFirst.promise;
      return answer;
    });
    expect(await asked.trySignIn({ key: "k" })).toEqual({ ok: false, reason: "directory_unavailable" });
    isDown = false;
    const early = asked.trySignIn({ key: "k" });
    const other = asked.trySignIn({ key: "k" });
    const suspended = await Promise.race([early, other]);
    suspendedFirst.resolve();
    expect([suspended, await early, await other]).toEqual(
      Array.from({ length: 3 }, () => ({ ok: false, reason: "account_suspended" })),
    );
  });

  it("and fails an attempt that nobody can repeat leaves no session behind", async () => {
    const failing = await createSessions(upstreams, "keep", () =>
      Promise.resolve({ kind: "unavailable", reason: "timeout" }),
    );
    expect(await failing.trySignIn()).toEqual({ ok: false, reason: "directory_unavailable" });
    expect(await failing.alive()).toBe(0);
    expect(await failing.trySignIn({ key: "k" })).toEqual({ ok: false, reason: "directory_unavailable" });
    expect(await failing.alive()).toBe(1);
  });
});

describe("a token that this service did not make", () => {
  it("costs no store request", async () => {
    const { tokens } = await rotating.signIn();
    upstreams.store.reset();
    const { refreshToken } = tokens;
    const changed = Array.from(
      refreshToken,
      (character, index) =>
        refreshToken.slice(0, index) + (character === "A" ? "B" : "A") + refreshToken.slice(index + 1),
    );
    for (const token of [
      "",
      "x",
      refreshToken.slice(1),
      `${refreshToken}A`,
      `${refreshToken}=`,
      tokens.accessToken,
      ...changed,
    ]) {
      expect(await rotating.refusal(token)).toBe("no_token");
    }
    expect(upstreams.store.exchanges.length).toBe(0);
  });
});

describe("signing out", () => {
  it("ends the session by either token, and one that is not known ends nothing and tells nothing", async () => {
    for (const by of ["accessToken", "refreshToken"] as const) {
      const { tokens } = await keeping.signIn();
      await keeping.signOut({ [by]: "unknown" });
      await keeping.refresh(tokens.refreshToken);
      await keeping.signOut({ [by]: tokens[by] });
      expect(await keeping.refusal(tokens.refreshToken)).toBe("session_ended");
      expect(await keeping.bearer(tokens.accessToken)).toBeNull();
    }
  });

  it("is for good, although a late transaction writes the session's record anew", async () => {
    const signedIn = await keeping.trySignIn({ key: "k" });
    if (!signedIn.ok) throw new Error(signedIn.reason);
    const { accessToken, refreshToken } = signedIn.tokens;
    await keeping.signOut({ accessToken });
    expect(await keeping.trySignIn({ key: "k" })).toEqual({ ok: false, reason: "session_over" });
    expect(await keeping.bearer(accessToken)).toBeNull();
    expect(await keeping.refusal(refreshToken)).toBe("session_ended");
  });

  it("works with an access token that has expired", async () => {
    const { tokens } = await keeping.signIn();
    keeping.clock.now += 3600 * second;
    await keeping.signOut({ accessToken: tokens.accessToken });
    expect(await keeping.refusal(tokens.refreshToken)).toBe("session_ended");
  });

  it("everywhere ends all sessions of that person in that role, and none that came after", async () => {
    const first = await keeping.signIn();
    const second_ = await keeping.signIn();
    const inAnotherRole = await keeping.signIn("transporter");
    await keeping.signOut({ refreshToken: first.tokens.refreshToken, everywhere: true });
    expect(await keeping.refusal(first.tokens.refreshToken)).toBe("session_ended");
    expect(await keeping.refusal(second_.tokens.refreshToken)).toBe("session_ended");
    const later = await keeping.signIn();
    await keeping.signOut({ refreshToken: first.tokens.refreshToken, everywhere: true });
    await keeping.refresh(later.tokens.refreshToken);
    await keeping.refresh(inAnotherRole.tokens.refreshToken);
  });

  it("against a refresh: whichever is first, the session is over afterwards", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { tokens } = await rotating.signIn();
      const [refreshed] = await Promise.all([
        rotating.exchange(tokens.refreshToken),
        rotating.signOut({ refreshToken: tokens.refreshToken }),
      ]);
      expect(await rotating.refusal(tokens.refreshToken)).toBe("session_ended");
      if (refreshed.ok) expect(await rotating.refusal(refreshed.tokens.refreshToken)).toBe("session_ended");
    }
  });
});
