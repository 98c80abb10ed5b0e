import { afterEach, describe, expect, it } from "vitest";
import { freshPhone, wrongGuess } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage({ resendAfterSeconds: 0 });
afterEach(() => stage.stack.sns.reset());

const LOST =
  "The answer did not arrive.The connection may have dropped. You can safely try again: nothing happens twice.";

describe("a lost reply", () => {
  it("to a send is asked for again with the same key, and there is one SMS", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    (await person.holdAnswer("send-otp")).lose();
    await person.ask(phone);
    await expect.poll(() => person.problem()).toBe(LOST);
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
    await person.button("Try again").click();
    await person.heading("Enter the code").waitFor();
    const keys = await person.keysTo("send-otp");
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
    await person.page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
  });

  it("to a verify is asked for again with the same key, and the person is signed in", async () => {
    const { person, code } = await stage.visitWaiting();
    (await person.holdAnswer("verify-otp")).lose();
    await person.page.keyboard.type(code);
    await expect.poll(() => person.problem()).toBe(LOST);
    await person.button("Try again").click();
    await person.heading("Welcome").waitFor();
    const keys = await person.keysTo("verify-otp");
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it("to a send that goes on is waited for", async () => {
    const phone = freshPhone();
    const person = await stage.visit({ ownsClock: true });
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    stage.stack.sns.plan(() => ({ after: finished }));
    await person.ask(phone);
    await expect.poll(() => stage.stack.sns.exchanges.length).toBe(1);
    await person.page.clock.fastForward(20_000);
    await expect.poll(() => person.problem()).toContain("The answer takes too long.");
    const repeated = person.page.waitForResponse("**/send-otp");
    await person.button("Try again").click();
    expect((await repeated).status()).toBe(409);
    await person.button("Sending …").waitFor();
    finish();
    await expect.poll(() => stage.stack.inbox.list(phone).length).toBe(1);
    await expect
      .poll(async () => {
        await person.page.clock.fastForward(1000);
        return person.heading("Enter the code").isVisible();
      })
      .toBe(true);
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
  });

  it("is no reason to give a new code the old one's key", async () => {
    const { person, phone } = await stage.visitWaiting();
    const received = person.page.getByRole("article").filter({ hasText: phone });
    for (const count of [2, 3]) {
      await person.button("Send it again").click();
      await expect.poll(() => received.count()).toBe(count);
      await person.button("Send it again").waitFor();
    }
    await person.page.keyboard.type(wrongGuess(person.codeFor(phone)));
    await expect.poll(() => person.problem()).toContain("4 tries are left.");
    await person.page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
    for (const [route, count] of [
      ["send-otp", 3],
      ["verify-otp", 2],
    ] as const) {
      const keys = await person.keysTo(route);
      expect([keys.length, new Set(keys).size]).toEqual([count, count]);
      for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
