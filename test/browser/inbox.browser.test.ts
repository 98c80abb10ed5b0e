import { describe, expect, it } from "vitest";
import { freshPhone } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";

const stage = openStage();

/** Of somebody else. */
function deliver(text: string): void {
  stage.stack.inbox.add({
    id: text,
    to: "+919876543210",
    text,
    region: text,
    attributes: { "AWS.SNS.SMS.SenderID": text },
    userAgent: "curl",
    receivedAt: Date.now(),
  });
}

describe("the inbox beside the phone", () => {
  it("fills in the code of an SMS, offered for the newest to this number alone", async () => {
    const phone = freshPhone();
    const person = await stage.visit();
    await person.askAndWait(freshPhone());
    await person.button("Change number").click();
    await person.askAndWait(phone);
    const offered = person.page.getByRole("article").filter({ has: person.button("Use this code") });
    await offered.getByText(`To +91${phone}`).waitFor();
    expect(await offered.count()).toBe(1);
    // The same person's code as a driver is no good here.
    await fetch(`${stage.stack.serviceUrl}/api/v1/auth/send-otp`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ phone, role: "driver" }),
    });
    await person.page.getByRole("article").first().getByText("driver").waitFor();
    await offered.getByText("customer").waitFor();
    await person.button("Use this code").click();
    await person.heading("Welcome").waitFor();
    expect(await person.button("Use this code").count()).toBe(0);
  });

  it("keeps what arrives while it reads its list", async () => {
    const person = await stage.visit();
    const list = await person.holdAnswer("messages");
    await person.page.reload();
    await list.held;
    const text = `It is ${freshPhone()}`;
    const card = person.page.getByRole("article").filter({ hasText: text });
    deliver(text);
    await card.waitFor();
    const listed = person.page.waitForResponse("**/messages");
    list.give();
    await (await listed).finished();
    await person.page.evaluate("fetch('/messages').then((response) => response.text())");
    expect(await card.count()).toBe(1);
  });

  it("lets an SMS slide in for those who do not mind motion", async () => {
    const initScript = `
      window.begun = [];
      addEventListener("animationstart", ({ animationName }) => window.begun.push(animationName));
    `;
    const person = await stage.visit({ reducedMotion: "no-preference", initScript });
    await person.askAndWait(freshPhone());
    await expect.poll(() => person.page.evaluate("window.begun")).toContain("arrive");
  });

  it("shows a hostile SMS as the text that it is", async () => {
    const person = await stage.visit();
    const text = `<img src=x onerror="document.title='pwned'"> 123456 </li><script>alert(1)</script>`;
    deliver(text);
    const card = person.page.getByRole("article").first();
    await card.getByText("123456").first().waitFor();
    expect(await card.locator(".text").textContent()).toBe(text);
    expect(await person.page.locator("img, li script").count()).toBe(0);
  });
});
