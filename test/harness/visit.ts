import type { Browser, Locator, Page, Route } from "playwright-core";
import { expect } from "vitest";
import { openPage, type PageOptions } from "./browser.ts";
import type { LocalStack } from "./local-stack.ts";

/** One person at the sign-in page. */
export interface Visit {
  readonly page: Page;
  /** What the person reads as a problem, or "". */
  problem(): Promise<string>;
  button(name: string | RegExp): Locator;
  heading(name: string | RegExp): Locator;
  /** Until the focus is there. */
  focusAt(selector: string): Promise<void>;
  pickRole(name: string): Promise<void>;
  /** By the clipboard, into what has the focus. */
  paste(text: string): Promise<void>;
  /** Types the number, and presses the button. */
  ask(phone: string): Promise<void>;
  /** Until the phone wants the code. */
  askAndWait(phone: string): Promise<void>;
  /** The code of the newest SMS to this number. */
  codeFor(phone: string): string;
  /** The `Idempotency-Key` of each request that the page made to this route. */
  keysTo(route: string): Promise<readonly string[]>;
  /** The service does its work, and its next answer waits for what becomes of it. */
  holdAnswer(route: string): Promise<HeldAnswer>;
  /** Closes the page, which must have run without a complaint. */
  leave(): Promise<void>;
}

export interface HeldAnswer {
  /** Until the service has done its work. */
  readonly held: Promise<void>;
  give(): void;
  /** It never reaches the page. */
  lose(): void;
}

/** Kept by the page itself: what Playwright reports of requests comes apart from what the page shows. */
const RECORD_REQUESTS = `
  window.requestsMade = [];
  const { fetch } = window;
  window.fetch = (url, init) => {
    window.requestsMade.push({ url: String(url), key: new Headers(init?.headers).get("Idempotency-Key") ?? "" });
    return fetch(url, init);
  };
`;

/** What Chromium says of every 4xx and 5xx, and of a network that is gone. */
const EXPECTED = /^Failed to load resource: /;

export async function visit(
  browser: Browser,
  { pageUrl, inbox }: Pick<LocalStack, "pageUrl" | "inbox">,
  options?: PageOptions,
): Promise<Visit> {
  const permissions = ["clipboard-read", "clipboard-write"];
  const page = await openPage(browser, { permissions, ...options });
  const complaints = listenTo(page);
  await page.addInitScript(RECORD_REQUESTS);
  await page.goto(pageUrl);
  await page.getByText("Live", { exact: true }).waitFor();

  const seen: Visit = {
    page,
    problem: () => problemOn(page),
    button: (name) => page.getByRole("button", { name }),
    heading: (name) => page.getByRole("heading", { name }),
    focusAt: (selector) => page.locator(`${selector}:focus`).waitFor({ state: "attached" }),
    pickRole: (name) => page.getByRole("radio", { name }).check(),
    paste: (text) => paste(page, text),
    async ask(phone) {
      await page.getByLabel("Mobile number").fill(phone);
      await seen.button("Text me a code").click();
    },
    async askAndWait(phone) {
      await seen.ask(phone);
      await seen.heading("Enter the code").waitFor();
    },
    codeFor: (phone) => newestCode(inbox, phone),
    keysTo: (route) => keysTo(page, route),
    holdAnswer: (route) => holdAnswer(page, route),
    async leave() {
      await page.context().close();
      expect(complaints).toEqual([]);
    },
  };
  return seen;
}

async function problemOn(page: Page): Promise<string> {
  return (await page.locator("[role=alert]:visible").allTextContents()).join("");
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press("ControlOrMeta+V");
}

function newestCode(inbox: LocalStack["inbox"], phone: string): string {
  const code = inbox.list(phone)[0]?.code;
  if (typeof code !== "string") throw new Error(`no SMS to ${phone}`);
  return code;
}

async function keysTo(page: Page, route: string): Promise<readonly string[]> {
  const made = await page.evaluate<readonly { readonly url: string; readonly key: string }[]>("requestsMade");
  return made.filter(({ url }) => url.endsWith(route)).map(({ key }) => key);
}

function listenTo(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

async function holdAnswer(page: Page, route: string): Promise<HeldAnswer> {
  const { promise: fate, resolve: decide } = Promise.withResolvers<"given" | "lost">();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const answer = async (request: Route): Promise<void> => {
    const response = await request.fetch();
    hold();
    if ((await fate) === "given") await request.fulfill({ response });
    else await request.abort("connectionreset");
  };
  await page.route(`**/${route}`, answer, { times: 1 });
  return { held, give: () => decide("given"), lose: () => decide("lost") };
}
