import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listenLoopback } from "../../src/local/loopback.ts";
import { createInbox } from "../../src/local/page/inbox.ts";
import { startPage } from "../../src/local/page/server.ts";
import { freshPhone } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";
import { visit } from "../harness/visit.ts";

const stage = openStage();
afterEach(() => {
  stage.stack.store.reset();
  stage.stack.sns.reset();
});

describe("an upstream that fails", () => {
  it("as the store does is told, with the wait that the service asks for, and tried again", async () => {
    const phone = freshPhone();
    const person = await stage.visit({ ownsClock: true });
    stage.stack.store.plan(() => ({ status: 500, body: "{}" }));
    await person.ask(phone);
    await expect.poll(() => person.problem()).toBe("The service is busy. Please try again in a moment.");
    await person.button(/^Try again in 0:0[12]$/).waitFor();
    stage.stack.store.reset();
    await person.page.clock.fastForward(2000);
    await person.button(/^Try again$/).click();
    await person.heading("Enter the code").waitFor();
    expect(stage.stack.inbox.list(phone)).toHaveLength(1);
  });

  it("as SNS does by breaking off is told plainly, and the code that came all the same signs in", async () => {
    const person = await stage.visit();
    stage.stack.sns.plan(() => "drop_after");
    await person.askAndWait(freshPhone());
    for (const place of ["#unconfirmed:visible", "#progress[role=status]"])
      await expect
        .poll(() => person.page.locator(place).innerText())
        .toContain("We could not confirm that the SMS left.");
    await person.button("Use this code").click();
    await person.heading("Welcome").waitFor();
  });

  it("as SNS does by refusing the number is told at the number", async () => {
    const person = await stage.visit();
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>no</Message></Error></ErrorResponse>`;
    stage.stack.sns.plan(() => ({ status: 400, body, headers: { "content-type": "text/xml" } }));
    await person.ask(freshPhone());
    await expect
      .poll(() => person.problem())
      .toBe("We could not send an SMS to this number. Please check it and try again.");
    await person.focusAt("#number");
  });

  it("as the service itself does is told with a question that helps", async () => {
    const dead = await listenLoopback(
      () => createServer().on("connection", (socket) => socket.destroy()),
      {},
    );
    const inbox = createInbox();
    const page = await startPage({ inbox, serviceUrl: `http://localhost:${dead.port}` });
    try {
      const person = await visit(stage.browser, { pageUrl: page.url, inbox });
      await person.ask(freshPhone());
      await expect
        .poll(() => person.problem())
        .toBe("The service does not answer.Is npm run dev still running?");
      await person.leave();
    } finally {
      await Promise.all([page.close(), dead.close()]);
    }
  });
});
