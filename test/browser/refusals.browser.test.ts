import { describe, expect, it } from "vitest";
import { freshPhone, wrongGuess } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage({ guessesPerChallenge: 3, resendAfterSeconds: 120 });

const TWO_LEFT = "This code is not right. Please check the SMS and try again.2 tries are left.";
const ONE_LEFT = "This code is not right. Please check the SMS and try again.One try is left.";
const NONE_LEFT = "This code is not right.That was the last try. Please ask for a new code.";

describe("a wrong code", () => {
  it("says how many tries are left, and is typed over", async () => {
    const { person, code } = await stage.visitWaiting();
    await person.page.keyboard.type(wrongGuess(code, 1));
    await expect.poll(() => person.problem()).toBe(TWO_LEFT);
    await person.focusAt("#code[aria-invalid=true]");
    await person.page.keyboard.type(wrongGuess(code, 2));
    await expect.poll(() => person.problem()).toBe(ONE_LEFT);
    await person.page.keyboard.type(code);
    await person.heading("Welcome").waitFor();
  });

  it("ends the challenge with the last try, and leaves one thing to do", async () => {
    const { person, code } = await stage.visitWaiting({ ownsClock: true });
    for (const [index, words] of [TWO_LEFT, ONE_LEFT, NONE_LEFT].entries()) {
      await person.page.keyboard.type(wrongGuess(code, index + 1));
      await expect.poll(() => person.problem()).toBe(words);
    }
    const renew = person.button("Text me a new code in 2:00");
    await renew.waitFor();
    expect(await renew.getAttribute("aria-disabled")).toBe("true");
    await person.focusAt("#verify");
    expect(await person.button("Send it again").count()).toBe(0);
    expect(await person.button("Use this code").count()).toBe(0);
    await person.page.keyboard.press("Enter");
    expect(await person.keysTo("send-otp")).toHaveLength(1);
    await person.page.clock.fastForward(120_000);
    await person.button(/^Text me a new code$/).waitFor();
  });

  it("that is not complete is not sent", async () => {
    const { person } = await stage.visitWaiting();
    await person.page.keyboard.type("123");
    await person.page.keyboard.press("Enter");
    await expect.poll(() => person.problem()).toBe("Please enter all 6 digits.");
    expect(await person.keysTo("verify-otp")).toEqual([]);
  });

  it("of a code that was used elsewhere asks for a new one", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    const sent = person.page.waitForResponse("**/send-otp");
    await person.askAndWait(phone);
    const { data } = (await (await sent).json()) as { data: { challengeId: string } };
    const body = { phone, otp: person.codeFor(phone), challengeId: data.challengeId };
    await fetch(`${stage.stack.serviceUrl}/api/v1/auth/verify-otp`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, role: "customer" }),
    });
    await person.page.keyboard.type(body.otp);
    await expect.poll(() => person.problem()).toBe("This code is no longer valid. Please ask for a new one.");
    await person.button(/Text me a new code/).waitFor();
  });
});

describe("time", () => {
  it("is counted down to the next SMS and to the end of the code, which the page then says", async () => {
    const { person } = await stage.visitWaiting({ ownsClock: true });
    const { clock } = person.page;
    await person.button("Send it again in 2:00").waitFor();
    await person.page.getByText("Valid for 5:00").waitFor();
    await clock.fastForward(1000);
    await person.button("Send it again in 1:59").waitFor();
    await person.page.getByText("Valid for 4:59").waitFor();
    await clock.fastForward(119_000);
    const resend = person.button(/^Send it again$/);
    await resend.waitFor();
    expect(await resend.getAttribute("aria-disabled")).toBe("false");
    await clock.fastForward(120_000);
    await person.page.locator("#validity[data-short]").waitFor();
    await clock.fastForward(60_000);
    await expect.poll(() => person.problem()).toBe("This code has expired.");
    await person.button(/^Text me a new code$/).waitFor();
    await expect.poll(() => person.page.locator("#code").isEditable()).toBe(false);
  });

  it("is told where a limit is met, and the same button tries again when it is over", async () => {
    const { person } = await stage.visitWaiting({ ownsClock: true });
    // By the clock of the page alone: the service still minds.
    await person.page.clock.fastForward(120_000);
    await person.button("Change number").click();
    await person.button("Text me a code").click();
    await expect.poll(() => person.problem()).toBe("Too many requests. Please wait a little and try again.");
    await person.button(/^Try again in [12]:\d\d$/).waitFor();
    await person.page.clock.fastForward(120_000);
    await person.button(/^Try again$/).waitFor();
    await person.page.getByLabel("Mobile number").fill(freshPhone());
    await person.button("Text me a code").click();
    await person.heading("Enter the code").waitFor();
  });

  it("is not spent on asking again for a code that is on its way", async () => {
    const { person, code } = await stage.visitWaiting();
    await person.button("Change number").click();
    await person.focusAt("#number");
    await person.page.keyboard.press("Enter");
    await person.heading("Enter the code").waitFor();
    expect(await person.keysTo("send-otp")).toHaveLength(1);
    await person.page.keyboard.type(code);
    await person.heading("Welcome").waitFor();
  });
});
