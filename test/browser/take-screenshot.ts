import { join } from "node:path";
import { readApps } from "../../src/local/page/read-apps.ts";
import { openBrowser } from "../harness/browser.ts";
import setup from "../setup.ts";

/*
 * `npm run screenshot`: the picture of the README, of the page as it is now. It takes the fonts of the machine; the one
 * that is committed was taken with Inter.
 */
const root = join(import.meta.dirname, "../..");
const path = join(root, ".github/sign-in.png");
const PHONE = "9876543210";
const MINUTE_MS = 60_000;

const tearDown = await setup();
// What workerd trusts is read when miniflare is loaded.
const { startLocalStack } = await import("../harness/local-stack.ts");
const stack = await startLocalStack({}, (await readApps(join(root, "wrangler.toml"))) ?? undefined, 8787);
const browser = await openBrowser();
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  stack.inbox.add({
    id: "earlier",
    to: "+919123456780",
    text: "Your Weelo verification code is: 408215. Valid for 5 minutes.",
    region: "ap-south-1",
    attributes: { "AWS.SNS.SMS.SenderID": "WEELO" },
    userAgent: "app/driver",
    receivedAt: Date.now() - 4 * MINUTE_MS,
  });
  await page.goto(stack.pageUrl);
  await page.getByLabel("Mobile number").fill(PHONE);
  await page.getByRole("button", { name: "Text me a code" }).click();
  await page.getByRole("button", { name: "Use this code" }).waitFor();
  await page.locator("#code").pressSequentially(stack.inbox.list(PHONE)[0]?.code?.slice(0, 3) ?? "");
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
} finally {
  await browser.close();
  await stack.close();
  await tearDown();
}
