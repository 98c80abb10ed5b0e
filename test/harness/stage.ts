import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openBrowser, type PageOptions } from "./browser.ts";
import { startLocalStack, type LocalStack } from "./local-stack.ts";
import { freshPhone } from "./service.ts";
import { visit, type Visit } from "./visit.ts";

/** One browser and one local stack, for the tests of one file. */
export interface Stage {
  readonly browser: Browser;
  readonly stack: LocalStack;
  /** Ends with the test. */
  visit(options?: PageOptions): Promise<Visit>;
  /** Of somebody whose phone waits for the code. */
  visitWaiting(options?: PageOptions): Promise<Waiting>;
}

export interface Waiting {
  readonly person: Visit;
  readonly phone: string;
  /** The right one. */
  readonly code: string;
}

export function openStage(policy: Readonly<Record<string, unknown>> = {}): Stage {
  let browser: Browser | undefined;
  let stack: LocalStack | undefined;
  const visits: Visit[] = [];
  beforeAll(async () => {
    await Promise.all([
      openBrowser().then((it) => (browser = it)),
      startLocalStack(policy).then((it) => (stack = it)),
    ]);
  });
  afterEach(async () => {
    for (const one of visits.splice(0)) await one.leave();
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), stack?.close()]);
  });
  const stage: Stage = {
    get browser() {
      return opened(browser);
    },
    get stack() {
      return opened(stack);
    },
    async visit(options) {
      const person = await visit(stage.browser, stage.stack, options);
      visits.push(person);
      return person;
    },
    async visitWaiting(options) {
      const phone = freshPhone();
      const person = await stage.visit(options);
      await person.askAndWait(phone);
      return { person, phone, code: person.codeFor(phone) };
    },
  };
  return stage;
}

function opened<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error("The stage opens before the first test");
  return part;
}
