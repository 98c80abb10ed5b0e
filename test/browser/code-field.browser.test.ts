import { describe, expect, it } from "vitest";
import { openStage } from "../harness/stage.ts";

const stage = openStage();

describe("the field for the code", () => {
  it("is one, which a browser can fill in", async () => {
    const { person } = await stage.visitWaiting();
    const fields = person.page.locator("#code-step input");
    expect(await fields.count()).toBe(1);
    expect(await fields.getAttribute("autocomplete")).toBe("one-time-code");
    expect(await fields.getAttribute("inputmode")).toBe("numeric");
  });

  it("takes the code from a whole SMS on the clipboard", async () => {
    const { phone, person } = await stage.visitWaiting();
    await person.paste(stage.stack.inbox.list(phone)[0]?.text ?? "");
    await person.heading("Welcome").waitFor();
    expect(await person.keysTo("verify-otp")).toHaveLength(1);
  });

  it("replaces one digit of a code in its place", async () => {
    const { person } = await stage.visitWaiting();
    const { keyboard } = person.page;
    const shown = () => person.page.locator("#code").inputValue();
    await keyboard.type("12345");
    await keyboard.press("ArrowLeft");
    await keyboard.type("6");
    await person.page.getByText("4 tries are left").waitFor();
    expect(await shown()).toBe("123465");
    await keyboard.press("Home");
    await keyboard.press("ArrowRight");
    await keyboard.type("0");
    await person.page.getByText("3 tries are left").waitFor();
    expect(await shown()).toBe("103465");
  });
});

/** A browser that has it, and an SMS that arrives when the test says so. */
const WEB_OTP = `
  window.OTPCredential = class {};
  const get = (asked) => new Promise((arrive) => Object.assign(window, { asked, arrive }));
  Object.defineProperty(navigator, "credentials", { value: { get } });
`;

describe("where the browser reads SMS itself (WebOTP)", () => {
  it("signs in with the code of the SMS, asked for with the phone's transport", async () => {
    const { person, code } = await stage.visitWaiting({ initScript: WEB_OTP });
    const { page } = person;
    expect(await page.evaluate("window.asked.otp")).toEqual({ transport: ["sms"] });
    expect(await page.evaluate("window.asked.signal.aborted")).toBe(false);
    await page.evaluate(`window.arrive({ code: "${code}" })`);
    await person.heading("Welcome").waitFor();
  });

  it("stops asking as soon as the person has typed the code", async () => {
    const { person, code } = await stage.visitWaiting({ initScript: WEB_OTP });
    const answer = await person.holdAnswer("verify-otp");
    await person.page.keyboard.type(code);
    await person.button("Checking …").waitFor();
    expect(await person.page.evaluate("window.asked.signal.aborted")).toBe(true);
    answer.give();
    await person.heading("Welcome").waitFor();
  });
});
