import { beforeEach, describe, expect, it } from "vitest";
import { freshPhone } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";
import type { Visit } from "../harness/visit.ts";

const stage = openStage({ resendAfterSeconds: 0 });
let person: Visit;
beforeEach(async () => {
  person = await stage.visit();
});

/** What a person who is signed in reads. */
const facts = () => person.page.locator("dl").innerText();

describe("signing in on the page", () => {
  it("takes a number and a code, and the SMS arrives while one watches", async () => {
    const phone = freshPhone();
    const { page } = person;
    const number = page.getByLabel("Mobile number");
    const spaced = `${phone.slice(0, 5)} ${phone.slice(5)}`;
    await number.pressSequentially(phone);
    await expect.poll(() => number.inputValue()).toBe(spaced);
    await person.button("Text me a code").click();
    await page.getByText(`Sent to +91 ${spaced}`).waitFor();
    await page.getByRole("article").getByText(`To +91${phone}`).waitFor();
    await person.focusAt("#code");

    await page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
    await person.focusAt("#welcome");
    expect(await facts()).toMatch(new RegExp(`${phone}\\s+Role\\s+customer\\s+First sign-in\\s+Yes`));
    expect(await facts()).toMatch(/Valid for 1[45]:\d\d/);
    expect(await person.keysTo("verify-otp")).toHaveLength(1);
  });

  it("asks who one is, refreshes, signs out, and knows who comes back", async () => {
    const phone = freshPhone();
    const { page } = person;
    await person.askAndWait(phone);
    await page.keyboard.type(person.codeFor(phone));
    await person.button("Who am I?").click();
    await page.getByText(`The service knows you as ${phone}, customer.`).waitFor();
    await person.button("Refresh token").click();
    await page.getByText("There is a new access token.").waitFor();
    await person.button("Sign out").click();
    await person.heading("What is your number?").waitFor();
    await person.focusAt("#number");

    await person.askAndWait(phone);
    await page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome back").waitFor();
    expect(await facts()).toMatch(/First sign-in\s+No/);
  });

  it("signs in to the role that is picked, in the app that the role is of", async () => {
    const phone = freshPhone();
    await person.pickRole("Driver");
    await person.page.getByText("Weelo Captain").waitFor();
    await person.askAndWait(phone);
    expect(stage.stack.inbox.list(phone)).toMatchObject([{ role: "driver" }]);
    await person.page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
    expect(await facts()).toMatch(/Role\s+driver/);
  });

  it("keeps waiting for the code over a reload", async () => {
    const phone = freshPhone();
    await person.askAndWait(phone);
    await person.page.reload();
    await person.heading("Enter the code").waitFor();
    await person.page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
  });
});

describe("a session", () => {
  it("that has ended elsewhere leads back to the number", async () => {
    const phone = freshPhone();
    await person.askAndWait(phone);
    const verified = person.page.waitForResponse("**/verify-otp");
    await person.page.keyboard.type(person.codeFor(phone));
    const { data } = (await (await verified).json()) as { data: { tokens: { refreshToken: string } } };
    await fetch(`${stage.stack.serviceUrl}/api/v1/auth/logout`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refreshToken: data.tokens.refreshToken }),
    });
    await person.button("Refresh token").click();
    await person.heading("What is your number?").waitFor();
    await expect.poll(() => person.problem()).toBe("Please sign in again.");
  });

  it("whose access token has expired is renewed on the way", async () => {
    const phone = freshPhone();
    await person.askAndWait(phone);
    await person.page.keyboard.type(person.codeFor(phone));
    await person.heading("Welcome").waitFor();
    const error = { code: "UNAUTHORIZED", message: "Please sign in again." };
    await person.page.route(
      "**/me",
      (route) => route.fulfill({ status: 401, json: { success: false, error } }),
      { times: 1 },
    );
    await person.button("Who am I?").click();
    await person.page.getByText(`The service knows you as ${phone}, customer.`).waitFor();
    expect(await person.problem()).toBe("");
  });
});
