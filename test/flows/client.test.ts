import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { ExtractSchema } from "hono/types";
import type { AppType } from "../../src/app.ts";
import type { Api, Client } from "../../src/client.ts";
import { createClient } from "../../src/client.ts";
import { buildBundle } from "../harness/bundle.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService, wrongGuess } from "../harness/service.ts";

let service: Service;
let client: Client;
beforeAll(async () => {
  service = await startService();
  client = createClient(service.url);
});
afterAll(() => service.close());

const auth = () => client.api.v1.auth;

async function signIn() {
  const phone = freshPhone();
  const sent = await (await auth()["send-otp"].$post({ json: { phone } })).json();
  if (!sent.success) throw new Error(sent.error.code);
  const { challengeId } = sent.data;
  const json = { phone, otp: service.codeFor(phone), challengeId };
  const verified = await (await auth()["verify-otp"].$post({ json })).json();
  if (!verified.success) throw new Error(verified.error.code);
  return { phone, ...verified.data };
}

describe("the client", () => {
  it("signs in, asks who it is, refreshes, lists its sessions and signs out", async () => {
    const { phone, user, tokens } = await signIn();
    expect(user).toMatchObject({ phone, role: "customer" });
    const headers = { Authorization: `Bearer ${tokens.accessToken}` };
    const me = await auth().me.$get({}, { headers });
    if (!me.ok) throw new Error(String(me.status));
    expect((await me.json()).data.user).toEqual(user);
    const { refreshToken } = tokens;
    const refreshed = await (await auth().refresh.$post({ json: { refreshToken } })).json();
    expect(refreshed.success && refreshed.data.tokenType).toBe("Bearer");
    const listed = await (await auth().sessions.$get({}, { headers })).json();
    const sid = listed.success ? (listed.data.sessions[0]?.sid ?? "") : "";
    expect((await auth().sessions[":sid"].$delete({ param: { sid } }, { headers })).status).toBe(200);
    const ended = await (await auth().me.$get({}, { headers })).json();
    expect(ended.success || ended.error.code).toBe("UNAUTHORIZED");
    expect((await auth().logout.$post()).status).toBe(200);
  });

  it("has each refusal with what stands beside it", async () => {
    const phone = freshPhone();
    await auth()["send-otp"].$post({ json: { phone } });
    const otp = wrongGuess(service.codeFor(phone));
    const wrong = await (await auth()["verify-otp"].$post({ json: { phone, otp } })).json();
    expect(!wrong.success && wrong.error.code === "OTP_INVALID" && wrong.error.attemptsRemaining).toBe(4);
    const again = await (await auth()["send-otp"].$post({ json: { phone } })).json();
    const limited = !again.success && again.error.code === "OTP_RATE_LIMIT_EXCEEDED" && again.error;
    expect(limited).toMatchObject({
      limit: "resendAfterSeconds",
      retryAfterMs: expect.any(Number) as number,
    });
  });

  it("repeats a request with its Idempotency-Key", async () => {
    const phone = freshPhone();
    const headers = { "Idempotency-Key": "one" };
    for (const _ of [1, 2]) await auth()["send-otp"].$post({ json: { phone } }, { headers });
    expect(service.sent.filter(({ to }) => to === `+91${phone}`).length).toBe(1);
  });

  it("reads the keys as they are", async () => {
    const answer = await client[".well-known"]["jwks.json"].$get();
    if (!answer.ok) throw new Error(String(answer.status));
    expect((await answer.json()).keys[0]?.alg).toBe("ES256");
  });

  it("brings nothing of the service, and no server, into what uses it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "edge-otp-client-"));
    const path = await buildBundle(directory, "test/harness/client-worker.ts");
    const meta = JSON.parse(await readFile(join(directory, "bundle-meta.json"), "utf8")) as {
      inputs: Record<string, unknown>;
    };
    const inputs = Object.keys(meta.inputs).filter((input) => /(^|\/)src\/|node_modules/.test(input));
    const rest = inputs.filter((input) => !/src\/client\.ts$|hono\/dist\/(client|utils)\//.test(input));
    expect(rest).toEqual([]);
    expect(gzipSync(await readFile(path)).length).toBeLessThan(6 * 1024);
    await rm(directory, { recursive: true });
  });
});

type Auth = Client["api"]["v1"]["auth"];
type BodyOf<T extends (...args: never) => Promise<{ json(): Promise<unknown> }>> = Awaited<
  ReturnType<Awaited<ReturnType<T>>["json"]>
>;
type CodeOf<T> = T extends { success: false; error: { code: infer Code } } ? Code : never;

/** By path and method: what is sent, and what comes back as JSON. */
type SentTo<S> = { [P in keyof S]: { [M in keyof S[P]]: S[P][M] extends { input: infer I } ? I : never } };
type AnswerOf<E> = E extends { outputFormat: "json"; output: infer Output } ? Output : never;
type AnswersOf<S> = { [P in keyof S]: { [M in keyof S[P]]: AnswerOf<S[P][M]> } };

type Served = ExtractSchema<AppType>;

describe("the client's types", () => {
  it("are those of the service's own handlers: the same routes, requests, and every answer", () => {
    expectTypeOf<keyof Api>().toEqualTypeOf<keyof Served>();
    expectTypeOf<SentTo<Api>>().toExtend<SentTo<Served>>();
    expectTypeOf<SentTo<Served>>().toExtend<SentTo<Api>>();
    expectTypeOf<AnswersOf<Served>>().toExtend<AnswersOf<Api>>();
  });

  it("know each route's fields, required and optional", () => {
    type Sent = Parameters<Auth["send-otp"]["$post"]>[0]["json"];
    expectTypeOf<Sent>().toExtend<{ phone: string; role?: string | null | undefined }>();
    expectTypeOf<{ role: string }>().not.toExtend<Sent>();
    expectTypeOf<Parameters<Auth["sessions"][":sid"]["$delete"]>[0]>().toEqualTypeOf<{
      param: { sid: string };
    }>();
    expectTypeOf<Parameters<Auth["logout"]["$post"]>[0]>().extract<undefined>().toEqualTypeOf<undefined>();
  });

  it("know each route's answer", () => {
    type Verified = Extract<BodyOf<Auth["verify-otp"]["$post"]>, { success: true }>["data"];
    expectTypeOf<Verified["verified"]>().toEqualTypeOf<true>();
    expectTypeOf<Verified["tokens"]["tokenType"]>().toEqualTypeOf<"Bearer">();
    expectTypeOf<Verified["user"]["name"]>().toEqualTypeOf<string | undefined>();
    type Sent = Extract<BodyOf<Auth["send-otp"]["$post"]>, { success: true }>["data"];
    expectTypeOf<Sent["delivery"]>().toEqualTypeOf<"accepted" | "unconfirmed">();
    type Keys = Extract<BodyOf<Client[".well-known"]["jwks.json"]["$get"]>, { keys: unknown }>["keys"];
    expectTypeOf<Keys[number]["kty"]>().toEqualTypeOf<"EC">();
  });

  it("know each route's error codes, those of every route among them", () => {
    expectTypeOf<CodeOf<BodyOf<Auth["me"]["$get"]>>>().toEqualTypeOf<
      "UNAUTHORIZED" | "INTERNAL_ERROR" | "MISCONFIGURED" | "SERVICE_UNAVAILABLE"
    >();
    expectTypeOf<CodeOf<BodyOf<Auth["refresh"]["$post"]>>>().toEqualTypeOf<
      | "INVALID_REQUEST"
      | "BODY_TOO_LARGE"
      | "UNSUPPORTED_MEDIA_TYPE"
      | "UNAUTHORIZED"
      | "INTERNAL_ERROR"
      | "MISCONFIGURED"
      | "SERVICE_UNAVAILABLE"
    >();
    type Refused = Extract<BodyOf<Auth["verify-otp"]["$post"]>, { success: false }>["error"];
    expectTypeOf<Extract<Refused, { code: "OTP_INVALID" }>["attemptsRemaining"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<Refused, { code: "OTP_EXPIRED" }>>().not.toHaveProperty("attemptsRemaining");
  });
});
