import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Response } from "miniflare";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../harness/browser.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

let browser: Browser;
let service: Service;
beforeAll(async () => {
  const files = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const ASSETS = async ({ url }: { readonly url: string }) => {
    const { pathname } = new URL(url);
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/css";
    return new Response(await readFile(join(files, pathname)), { headers: { "Content-Type": type } });
  };
  service = await startService({}, undefined, { serviceBindings: { ASSETS } });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function openReference(colorScheme: "light" | "dark", width: number) {
  const page = await openPage(browser, { colorScheme, viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(service.url) || request.url().startsWith("data:");
    if (!isOwn) complaints.push(request.url());
  });
  await page.goto(`${service.url}/docs`);
  await page.locator(".opblock").first().waitFor();
  return { page, complaints };
}

describe("the reference page", () => {
  it.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)("(%s, %d px) shows every operation, and asks nobody else", async (scheme, width) => {
    const { page, complaints } = await openReference(scheme, width);
    const paths = page.locator(".opblock-summary-path");
    await expect
      .poll(async () => (await paths.allTextContents()).map((path) => path.replaceAll("\u200b", "")))
      .toContain("/api/v1/auth/verify-otp");
    await expect
      .poll(() => page.evaluate("document.documentElement.classList.contains('dark-mode')"))
      .toBe(scheme === "dark");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("sends a request to the service that it is at, with no header that was only an example", async () => {
    const { page, complaints } = await openReference("light", 1280);
    const phone = freshPhone();
    const send = page.locator("#operations-Sign-in-sendOtp");
    await send.locator(".opblock-summary-control").click();
    await send.getByRole("button", { name: "Try it out" }).click();
    await send.locator("textarea").fill(JSON.stringify({ phone }));
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await send.getByRole("button", { name: "Execute" }).click();
    expect(Object.keys((await sent).headers())).not.toContain("idempotency-key");
    await expect.poll(() => service.sent.some(({ to }) => to === `+91${phone}`)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
