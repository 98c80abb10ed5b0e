import { describe, expect, it } from "vitest";
import { wrongGuess } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage({ resendAfterSeconds: 0 });

/** Somebody whose phone waits for the code. */
async function waitForCode() {
  const { person, code } = await stage.visitWaiting();
  const { keyboard } = person.page;
  const field = person.page.locator("#code");
  return { person, code, keyboard, field, shown: () => field.inputValue() };
}

describe("somebody who types on while a code is checked", () => {
  it("finds the beginning of the next code in its place, and only that", async () => {
    const { person, code, keyboard, shown } = await waitForCode();
    const answer = await person.holdAnswer("verify-otp");
    await keyboard.type(wrongGuess(code));
    await person.button("Checking …").waitFor();
    await keyboard.type(code.slice(0, 2));
    answer.give();
    await person.page.getByText("4 tries are left").waitFor();
    expect(await shown()).toBe(code.slice(0, 2));
    await keyboard.type(code.slice(2));
    await person.heading("Welcome").waitFor();
    expect(await person.keysTo("verify-otp")).toHaveLength(2);
  });

  it("has the whole next code checked after it", async () => {
    const { person, code, keyboard } = await waitForCode();
    const answer = await person.holdAnswer("verify-otp");
    await keyboard.type(wrongGuess(code));
    await person.button("Checking …").waitFor();
    await keyboard.type(code);
    answer.give();
    await person.heading("Welcome").waitFor();
    expect(await person.keysTo("verify-otp")).toHaveLength(2);
  });

  it("is signed in all the same, if the code was right", async () => {
    const { person, code, keyboard } = await waitForCode();
    const answer = await person.holdAnswer("verify-otp");
    await keyboard.type(code);
    await person.button("Checking …").waitFor();
    await keyboard.type("7");
    answer.give();
    await person.heading("Welcome").waitFor();
    expect(await person.keysTo("verify-otp")).toHaveLength(1);
  });

  it("types over the code if nothing was typed before the answer", async () => {
    const { person, code, keyboard, shown } = await waitForCode();
    await keyboard.type(wrongGuess(code));
    await person.page.getByText("4 tries are left").waitFor();
    await keyboard.type(code.slice(0, 1));
    await expect.poll(shown).toBe(code.slice(0, 1));
  });
});

describe("somebody who types while an SMS is sent again", () => {
  it("finds the digits in their place when it has gone out", async () => {
    const { person, code, keyboard, field, shown } = await waitForCode();
    const answer = await person.holdAnswer("send-otp");
    await person.button("Send it again").click();
    await field.focus();
    await keyboard.type(code.slice(0, 4));
    answer.give();
    await person.button("Send it again").waitFor();
    expect(await shown()).toBe(code.slice(0, 4));
    await keyboard.type(code.slice(4));
    await person.heading("Welcome").waitFor();
  });

  it("begins anew where nothing was typed since", async () => {
    const { person, code, keyboard, shown } = await waitForCode();
    await keyboard.type(code.slice(0, 4));
    const answer = await person.holdAnswer("send-otp");
    await person.button("Send it again").click();
    answer.give();
    await person.button("Send it again").waitFor();
    expect(await shown()).toBe("");
    await person.focusAt("#code");
  });

  it.each(["give", "lose"] as const)("has the whole code checked after it, answer: %s", async (fate) => {
    const { person, code, keyboard, field } = await waitForCode();
    const answer = await person.holdAnswer("send-otp");
    await person.button("Send it again").click();
    await field.focus();
    await keyboard.type(code);
    answer[fate]();
    await person.heading("Welcome").waitFor();
    expect(await person.keysTo("verify-otp")).toHaveLength(1);
  });
});
