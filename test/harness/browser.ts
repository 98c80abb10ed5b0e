import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { PATIENCE_MS } from "./patience.ts";

/** Where Debian, other Linuxes, macOS and Windows put it. */
const USUAL_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * Each window would make two more pages ready, to drop down from an address bar that nobody sees: half of all the work.
 * The rest is of the list that this one replaces, Playwright's own: what asks the network, or waits.
 */
const WITHOUT = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AimEnabled",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "Translate",
];

const HOUR_MS = 3_600_000;

/** The Chromium at CHROMIUM_PATH, or one that is installed; none is ever downloaded. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_PATH"] ?? USUAL_PATHS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      "There is no Chromium: install one (on Debian, the package chromium), or name it in CHROMIUM_PATH.",
    );
  }
  return chromium.launch({ executablePath, args: [`--disable-features=${WITHOUT.join(",")}`] });
}

export interface PageOptions extends BrowserContextOptions {
  /** The person's clock stands still, but where the test winds it. */
  readonly ownsClock?: boolean;
  /** Runs in the page before its own scripts. */
  readonly initScript?: string;
}

/** In a context of its own, which is closed by `page.context().close()`. */
export async function openPage(
  browser: Browser,
  { ownsClock = false, initScript, ...options }: PageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  if (ownsClock) {
    const now = Date.now();
    // It runs until it is stopped, and is never set back.
    await page.clock.install({ time: now - HOUR_MS });
    await page.clock.pauseAt(now);
  }
  if (initScript !== undefined) await page.addInitScript(initScript);
  return page;
}
