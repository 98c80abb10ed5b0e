import { describe, expect, it } from "vitest";
import { createInbox } from "../../src/local/page/inbox.ts";
import { startPage } from "../../src/local/page/server.ts";
import { freshPhone, wrongGuess } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";
import { visit } from "../harness/visit.ts";

const stage = openStage();

describe("the page, to everybody", () => {
  it("has the phone beside the inbox where there is room, and above it where there is none", async () => {
    const { page } = await stage.visit({ viewport: { width: 1280, height: 800 } });
    const corners = async () => {
      const [phone, inbox] = await Promise.all(
        [".phone", ".inbox"].map((selector) => page.locator(selector).boundingBox()),
      );
      if (!phone || !inbox) throw new Error("The page lacks a part");
      return { isBeside: phone.x + phone.width <= inbox.x, isAbove: phone.y + phone.height <= inbox.y };
    };
    await expect.poll(corners).toEqual({ isBeside: true, isAbove: false });
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(corners).toEqual({ isBeside: false, isAbove: true });
  });
});

describe("the keyboard alone", () => {
  it("signs in, goes everywhere and is caught nowhere", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    const { keyboard } = person.page;
    const focused = () =>
      person.page.evaluate(
        "document.activeElement.id || document.activeElement.value || document.activeElement.textContent.trim()",
      );
    /** Presses the key, and is there. */
    const go = async (key: string, place: string) => {
      await keyboard.press(key);
      await expect.poll(focused).toBe(place);
    };
    await go("Tab", "Numbers");
    await go("Tab", "customer");
    await go("ArrowRight", "transporter");
    await go("ArrowLeft", "customer");
    await go("Tab", "country");
    await go("Tab", "number");
    await keyboard.type(phone);
    await keyboard.press("Enter");
    await person.focusAt("#code");
    await person.button("Use this code").waitFor();

    for (const place of ["verify", "resend", "filter", "Copy", "Use this code"]) await go("Tab", place);
    await keyboard.press("Enter");
    await person.focusAt("#welcome");
    for (const place of ["me", "refresh", "sign-out"]) await go("Tab", place);
    await keyboard.press("Space");
    await person.focusAt("#number");
  });

  it("shows where it is", async () => {
    const inbox = createInbox();
    const page = await startPage({ inbox });
    try {
      const person = await visit(stage.browser, { pageUrl: page.url, inbox });
      for (const selector of ["#send", "#filter", "#copy-curl"]) {
        await person.page.locator(selector).focus();
        await person.page.keyboard.press("Shift+Tab");
        await person.page.keyboard.press("Tab");
        await person.focusAt(selector);
        const outline = await person.page.evaluate("getComputedStyle(document.activeElement).outline");
        expect([selector, outline]).toEqual([selector, expect.stringMatching(/solid 3px|3px solid/)]);
      }
      await person.leave();
    } finally {
      await page.close();
    }
  });
});

describe("what a screen reader hears", () => {
  it("is each step, each problem and each SMS", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    const { page } = person;
    const spoken = `${phone.slice(0, 5)} ${phone.slice(5)}`;
    await person.askAndWait(phone);
    const progress = page.locator("#progress[role=status]");
    await expect.poll(() => progress.textContent()).toBe(`A code is on its way to +91 ${spoken}.`);
    const code = person.codeFor(phone);
    const announcer = page.locator("#announcer[aria-live=polite]");
    await expect
      .poll(() => announcer.textContent())
      .toBe(`New message to +91${phone}. Code ${[...code].join(" ")}.`);
    const field = page.getByRole("textbox", { name: "6-digit code" });
    expect(await field.getAttribute("aria-describedby")).toBe("sent-to code-problem");
    await page.keyboard.type(wrongGuess(code));
    await page.getByRole("alert").getByText("This code is not right.").waitFor();
  });
});
