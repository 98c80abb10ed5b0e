import { describe, expect, it } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, playBy, protocol, second, upstreams, useProtocol } from "./ground.ts";

useProtocol();

describe("the first sign-in", () => {
  it("is told once, by the guess that was verified", async () => {
    const first = challengeIdOf(await protocol.send());
    for (let index = 1; index <= 5; index += 1)
      await protocol.verify(wrongGuess(lastCode(), index), { challengeId: first });
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: first }))).toBe("out_of_guesses");
    protocol.clock.now += 30 * second;
    const second_ = challengeIdOf(await protocol.send());
    expect(await protocol.verify(lastCode(), { challengeId: second_ })).toMatchObject({
      ok: true,
      isFirstSignIn: true,
    });
    protocol.clock.now += 30 * second;
    const third = challengeIdOf(await protocol.send());
    expect(await protocol.verify(lastCode(), { challengeId: third })).toMatchObject({
      ok: true,
      isFirstSignIn: false,
    });
  });
});

describe("many sign-ins", () => {
  it("leave the first and the last of them in the store", async () => {
    await playBy({
      resendAfterSeconds: 0,
      sendsPerHour: 1000,
      sendsPerDay: 1000,
    });
    const subject = await protocol.identity.subject("customer", `+91${protocol.phone}`);
    const kept = () => upstreams.backend.single(["ZCARD", `user:${subject}`]);
    const signIn = async () => {
      protocol.clock.now += second;
      const challengeId = challengeIdOf(await protocol.send());
      return protocol.verify(lastCode(), { challengeId });
    };
    for (let index = 0; index < 39; index += 1) await signIn();
    expect(await kept()).toEqual({ result: 39 });
    expect(await signIn()).toMatchObject({ ok: true, isFirstSignIn: false });
    expect(await kept()).toEqual({ result: 20 });
  });
});
