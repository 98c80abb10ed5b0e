import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { audit, AXE } from "../harness/axe.ts";
import { openPage, type PageOptions } from "../harness/browser.ts";
import { startLocalStack, type LocalStack } from "../harness/local-stack.ts";
import { signIn } from "../harness/sign-in.ts";
import { openStage } from "../harness/stage.ts";

const POLICY = { smsPricesUsd: { IN: 0.01 } };
const stage = openStage(POLICY);
beforeAll(async () => {
  await signIn(stage.stack, "customer");
  await signIn(stage.stack, "transporter");
});

let page: Page;
afterEach(() => page.context().close());

async function open(options: PageOptions = {}, { pageUrl }: LocalStack = stage.stack): Promise<void> {
  page = await openPage(stage.browser, options);
  await page.goto(`${pageUrl}/numbers`);
  await page.getByText("Live", { exact: true }).waitFor();
}

const valueOf = (name: string) =>
  page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name, exact: true }) })
    .locator(".value");
const textOf = (name: string) => valueOf(name).textContent();

describe("the page of numbers", () => {
  it("says that there is nothing yet, and then, by itself, what people do", async () => {
    const quiet = await startLocalStack(POLICY);
    try {
      await open({}, quiet);
      await page.getByRole("heading", { name: "Nothing to count yet" }).waitFor();
      await signIn(quiet, "customer");
      await signIn(quiet, "transporter");
      await page.getByRole("heading", { name: "Traffic" }).waitFor();
      await expect.poll(() => textOf("Signed in")).toBe("2");
      await expect.poll(() => textOf("SMS")).toBe("2");
      await expect.poll(() => textOf("Conversion")).toBe("100%");
      await expect.poll(() => textOf("Refused")).toBe("2");
      await expect.poll(() => textOf("Spend")).toBe("$0.02");
      await page.getByText("Wrong code", { exact: true }).waitFor();
    } finally {
      await quiet.close();
    }
  });

  it("shows one role where it is asked to, also after a reload", async () => {
    await open();
    const role = page.getByLabel("Role", { exact: true });
    await role.selectOption("transporter");
    await expect.poll(() => textOf("SMS")).toBe("1");
    await page.reload();
    await expect.poll(() => textOf("SMS")).toBe("1");
    expect(await role.inputValue()).toBe("transporter");
    expect(await page.locator("#groups tbody tr").count()).toBe(1);
  });

  it("reads each step of a chart to the keyboard, and all of them as a table", async () => {
    await open();
    await page.locator("#traffic .plot").focus();
    await page.keyboard.press("Home");
    await expect
      .poll(() => page.locator("#traffic .spoken").textContent())
      .toMatch(/^\d\d:\d\d:\d\d, SMS 0, Signed in 0, Refused 0$/);
    await page.keyboard.press("ArrowRight");
    const tip = page.locator("#traffic .tip");
    await tip.waitFor();
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "hidden" });
    await page.locator("#traffic summary").click();
    await expect.poll(() => page.locator("#traffic tbody tr").count()).toBe(30);
  });

  it("stands still when it is paused", async () => {
    await open({ ownsClock: true });
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    const before = (await textOf("SMS")) ?? "";
    const summaries: string[] = [];
    page.on("request", (request) => summaries.push(request.url()));
    await signIn(stage.stack, "driver");
    await page.clock.runFor(10_000);
    expect([await textOf("SMS"), summaries]).toEqual([before, []]);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect.poll(() => textOf("SMS")).not.toBe(before);
  });

  it("shows nothing that comes after it is paused", async () => {
    await open({ ownsClock: true });
    const summary = Promise.withResolvers<void>();
    await page.route("**/numbers/summary*", async (route) => {
      const response = await route.fetch();
      await summary.promise;
      await route.fulfill({ response });
    });
    const before = await textOf("SMS");
    await signIn(stage.stack, "driver");
    const asked = page.waitForRequest("**/numbers/summary*");
    await page.clock.runFor(2000);
    await asked;
    await page.getByRole("button", { name: "Pause" }).click();
    const answered = page.waitForResponse("**/numbers/summary*");
    summary.resolve();
    await (await answered).finished();
    expect(await textOf("SMS")).toBe(before);
  });

  it.each([360, 1280])(
    "fits %i pixels, and no audit finds fault with it, in light and in dark",
    async (width) => {
      await open({ viewport: { width, height: 800 }, initScript: AXE });
      await page.getByRole("heading", { name: "Traffic" }).waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await audit(page)).toEqual([]);
    },
  );
});
