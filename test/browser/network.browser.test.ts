import { describe, expect, it } from "vitest";
import { freshPhone } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage();

describe("a network that is gone", () => {
  it("is told, and what was asked for goes on by itself when it is back", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    const context = person.page.context();
    await context.setOffline(true);
    await person.ask(phone);
    await expect
      .poll(() => person.problem())
      .toBe("You are offline.This goes on by itself when you are back.");
    await context.setOffline(false);
    await person.heading("Enter the code").waitFor();
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);

    await context.setOffline(true);
    await person.page.keyboard.type(person.codeFor(phone));
    await expect.poll(() => person.problem()).toContain("You are offline.");
    await context.setOffline(false);
    await person.heading("Welcome").waitFor();
  });

  it("does nothing by itself for somebody who has gone on to another number", async () => {
    const [first, second] = [freshPhone(), freshPhone()];
    const person = await stage.visit();
    await person.page.context().setOffline(true);
    await person.ask(first);
    await expect.poll(() => person.problem()).toContain("You are offline.");
    await person.page.getByLabel("Mobile number").fill(second);
    await person.page.context().setOffline(false);
    await person.button("Text me a code").click();
    await person.heading("Enter the code").waitFor();
    const { inbox } = stage.stack;
    expect([inbox.list(first).length, inbox.list(second).length]).toEqual([0, 1]);
  });
});

describe("a slow network", () => {
  it("takes its time, and one press sends one SMS", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    const sent = await person.holdAnswer("send-otp");
    await person.ask(phone);
    const busy = person.button("Sending …");
    expect(await busy.getAttribute("aria-disabled")).toBe("true");
    await busy.press("Enter");
    sent.give();
    await person.heading("Enter the code").waitFor();
    expect(await person.keysTo("send-otp")).toHaveLength(1);
    const verified = await person.holdAnswer("verify-otp");
    await person.page.keyboard.type(person.codeFor(phone));
    await person.button("Checking …").waitFor();
    verified.give();
    await person.heading("Welcome").waitFor();
  });

  it("is given up after 20 seconds, and tried again without a second SMS", async () => {
    const phone = freshPhone();
    const person = await stage.visit({ ownsClock: true });
    const answer = await person.holdAnswer("send-otp");
    await person.ask(phone);
    await answer.held;
    await person.page.clock.fastForward(20_000);
    await expect.poll(() => person.problem()).toContain("The answer takes too long.");
    await person.button("Try again").click();
    await person.heading("Enter the code").waitFor();
    answer.lose();
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
  });

  it("lets one go back, and the late answer changes nothing", async () => {
    const { person, code } = await stage.visitWaiting();
    const answer = await person.holdAnswer("verify-otp");
    await person.page.keyboard.type(code);
    await person.button("Checking …").waitFor();
    await person.button("Change number").click();
    const answered = person.page.waitForResponse("**/verify-otp");
    answer.give();
    await (await answered).finished();
    // Whoever asked has heard of it by the time that another answer is there.
    await person.page.evaluate("fetch('/messages').then((response) => response.text())");
    expect(await person.heading("What is your number?").isVisible()).toBe(true);
    expect(await person.problem()).toBe("");
  });
});
