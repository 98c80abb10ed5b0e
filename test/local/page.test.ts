import { request as open, type IncomingMessage } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInbox, type Inbox } from "../../src/local/page/inbox.ts";
import { startPage, type PageServer } from "../../src/local/page/server.ts";
import type { PublishedSms } from "../../src/local/sns/server.ts";
import { request } from "./request.ts";

const sms = (change: Partial<PublishedSms> = {}): PublishedSms => ({
  id: "1",
  to: "+919876543210",
  text: "Your code is 123456.",
  region: "ap-south-1",
  attributes: { "AWS.SNS.SMS.SenderID": "WEELO" },
  userAgent: "aws-sdk-js/3.1169.0 ua/2.1 app/customer",
  receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  ...change,
});

const browser = join(import.meta.dirname, "../../src/local/page/browser");
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

let inbox: Inbox;
let server: PageServer;
beforeEach(async () => {
  inbox = createInbox();
  server = await startPage({ inbox });
});
afterEach(() => server.close());

const messages = async (query = ""): Promise<unknown> =>
  JSON.parse((await request(`${server.url}/messages${query}`)).text);

describe("the inbox", () => {
  it("tells all about a message", async () => {
    inbox.add(sms());
    expect(await messages()).toEqual([
      {
        id: "1",
        to: "+919876543210",
        from: "WEELO",
        role: "customer",
        text: "Your code is 123456.",
        code: "123456",
        parts: 1,
        encoding: "GSM-7",
        receivedAt: "2026-01-02T03:04:05.000Z",
        region: "ap-south-1",
        attributes: { "AWS.SNS.SMS.SenderID": "WEELO" },
      },
    ]);
  });

  it("says null where there is no sender, role or code", async () => {
    inbox.add(sms({ attributes: {}, userAgent: "curl", text: "Room 101, call 12345678901" }));
    expect(await messages()).toMatchObject([{ from: null, role: null, code: null }]);
  });

  it.each([
    ["160 of GSM-7", "x".repeat(160), { parts: 1, encoding: "GSM-7" }],
    ["161 of GSM-7", "x".repeat(161), { parts: 2, encoding: "GSM-7" }],
    ["307 of GSM-7", "x".repeat(307), { parts: 3, encoding: "GSM-7" }],
    ["70 of UCS-2", "क".repeat(70), { parts: 1, encoding: "UCS-2" }],
    ["71 of UCS-2", "क".repeat(71), { parts: 2, encoding: "UCS-2" }],
  ])("counts the parts of %s characters", (_name, text, cost) => {
    inbox.add(sms({ text }));
    expect(inbox.list()).toMatchObject([cost]);
  });

  it("lists the newest first, and forgets the oldest of more than 500", () => {
    for (let id = 0; id < 501; id += 1) inbox.add(sms({ id: String(id) }));
    expect(inbox.list()).toHaveLength(500);
    expect(inbox.list()[0]).toMatchObject({ id: "500" });
    expect(inbox.list().at(-1)).toMatchObject({ id: "1" });
  });

  it.each(["9876543210", "+919876543210", "%2B919876543210", "%2B91%2098765-43210"])(
    "finds a number written %s",
    async (phone) => {
      inbox.add(sms());
      inbox.add(sms({ id: "2", to: "+919123456780" }));
      expect(await messages(`?phone=${phone}`)).toMatchObject([{ id: "1" }]);
    },
  );

  it("stops telling a listener that has left", () => {
    const heard: string[] = [];
    const leave = inbox.subscribe(({ id }) => heard.push(id));
    inbox.add(sms({ id: "1" }));
    leave();
    inbox.add(sms({ id: "2" }));
    expect(heard).toEqual(["1"]);
  });
});

describe("the page's server", () => {
  it("streams what arrives, line breaks and all", async () => {
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      open(`${server.url}/events`, { agent: false }, resolve).on("error", reject).end();
    });
    expect(stream.headers["content-type"]).toBe("text/event-stream");
    let received = "";
    for await (const chunk of stream) {
      // The head is written once the listener stands.
      if (received === "") inbox.add(sms({ text: "one\n\ndata: two" }));
      received += String(chunk);
      if (received.includes("data: {")) break;
    }
    const event = /^data: (.*)\n\n/m.exec(received)?.[1] ?? "";
    expect(JSON.parse(event)).toMatchObject({ id: "1", text: "one\n\ndata: two" });
  });

  it("serves the page under a policy that runs its own scripts only", async () => {
    const page = await request(server.url);
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(page.text).not.toMatch(/<script(?![^>]* src="\/page\.js")|\son\w+=|<style|\sstyle=/i);
    const files = await readdir(browser);
    expect(files).toEqual(expect.arrayContaining(["page.js", "page.css", "page.html"]));
    for (const file of files) {
      const answer = await request(`${server.url}/${file}`);
      const type = TYPES[extname(file)];
      expect([file, answer.status, answer.headers["content-type"]]).toEqual(
        type === undefined ? [file, 404, "application/json"] : [file, 200, type],
      );
    }
  });

  it("never builds markup from a text", async () => {
    for (const file of (await readdir(browser)).filter((name) => name.endsWith(".js"))) {
      expect(await readFile(join(browser, file), "utf8")).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|eval\(|new Function/,
      );
    }
  });

  it("shows hostile text as the text that it is, in JSON that nobody takes for a page", async () => {
    const text = "</script><img src=x onerror=alert(1)>\u2028";
    inbox.add(sms({ text }));
    const answer = await request(`${server.url}/messages`);
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
    });
    expect(JSON.parse(answer.text)).toMatchObject([{ text }]);
  });

  it.each(["evil.example", "localhost.evil.example:80", "10.0.0.1"])(
    "refuses the host name %j",
    async (host) => {
      inbox.add(sms());
      const answer = await request(`${server.url}/messages`, { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain("123456");
    },
  );

  it.each(["localhost", "127.0.0.1:8790", "[::1]:8790"])("answers to the host name %s", async (host) => {
    expect((await request(`${server.url}/messages`, { headers: { host } })).status).toBe(200);
  });

  it("tells the page where the service is, and what its roles are now", async () => {
    let apps: unknown = { rider: { name: `"><script>'&`, defaultCountry: "IN", countries: ["IN", "GB"] } };
    const other = await startPage({
      inbox,
      serviceUrl: "http://localhost:9999",
      readApps: () => Promise.resolve(apps),
    });
    const settings = async () => settingsIn((await request(other.url)).text);
    expect(await settings()).toEqual({
      serviceUrl: "http://localhost:9999",
      roles: [
        {
          role: "rider",
          app: `"><script>'&`,
          countries: [
            { code: "IN", name: "India", dial: "91", groups: [5, 5], example: "81234 56789" },
            { code: "GB", name: "United Kingdom", dial: "44", groups: [4, 6], example: "7400 123456" },
          ],
        },
      ],
    });
    apps = { driver: { name: "Weelo", defaultCountry: "GB" } };
    expect(await settings()).toMatchObject({ roles: [{ role: "driver", countries: [{ code: "GB" }] }] });
    await other.close();
  });

  it.each([
    ["nothing", () => Promise.resolve(null)],
    ["what the Worker would refuse", () => Promise.resolve({ customer: { nmae: "Weelo" } })],
    ["a file that cannot be read", () => Promise.reject(new Error("EACCES"))],
  ])("offers the usual roles, in India, where it finds %s for APPS", async (_name, readApps) => {
    const other = await startPage({ inbox, readApps });
    const { roles } = settingsIn((await request(other.url)).text);
    expect(roles.map(({ role }) => role)).toEqual(["customer", "transporter", "driver"]);
    for (const { countries } of roles) expect(countries).toMatchObject([{ code: "IN" }]);
    await other.close();
  });

  it.each([
    ["POST", "/messages", 405],
    ["GET", "/../package.json", 404],
    ["GET", "/tsconfig.json", 404],
    ["GET", "/..%2fserver.ts", 404],
    ["GET", "/browser/page.js", 404],
  ])("refuses %s %s", async (method, path, status) => {
    expect((await request(server.url + path, { method })).status).toBe(status);
  });
});

interface Settings {
  readonly serviceUrl: string;
  readonly roles: readonly { readonly role: string; readonly countries: readonly object[] }[];
}

/** As a browser reads the attribute. */
function settingsIn(page: string): Settings {
  const attribute = /data-settings="([^"<>]*)"/.exec(page)?.[1] ?? "";
  const text = attribute.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  return JSON.parse(text) as Settings;
}
