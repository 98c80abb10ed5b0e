import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { request } from "./request.ts";

const script = join(import.meta.dirname, "../../src/local/dev.ts");
let child: ChildProcess | null = null;
afterEach(() => {
  if (child?.exitCode === null) child.kill("SIGTERM");
  child = null;
});

function startDev(env: Readonly<Record<string, string>>): ChildProcess {
  const { npm_lifecycle_event: _npm, REDIS_URL: _redis, ...inherited } = process.env;
  child = spawn(process.execPath, [script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, PORT: "0", INBOX_PORT: "0", ...env },
  });
  return child;
}

/** What it prints up to the line that ends the welcome. */
async function readWelcome({ stdout, stderr }: ChildProcess): Promise<string> {
  let printed = "";
  if (!stdout || !stderr) throw new Error("The child has no output");
  stderr.on("data", (chunk: Buffer) => (printed += String(chunk)));
  for await (const line of createInterface(stdout)) {
    printed += `${line}\n`;
    if (line.startsWith("Ctrl-C")) return printed;
  }
  throw new Error(printed);
}

const urlIn = (text: string, label: string): string =>
  new RegExp(`${label} +(http://localhost:\\d+)`).exec(text)?.[1] ?? "";

describe("the dev command", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "serves a sign-in, and leaves nothing behind on %s",
    async (signal) => {
      const dev = startDev({ CLOUDFLARE_ENV: "production" });
      const welcome = await readWelcome(dev);
      const [service, inbox] = [urlIn(welcome, "Service"), urlIn(welcome, "Inbox")];
      const sent = await request(`${service}/api/v1/auth/send-otp`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"phone":"9876543210","role":"customer"}',
      });
      expect(sent.status).toBe(200);
      const messages = await request(`${inbox}/messages?phone=9876543210`);
      expect(JSON.parse(messages.text)).toMatchObject([{ to: "+919876543210", role: "customer" }]);

      const page = await request(inbox);
      for (const told of [service, "customer", "transporter", "driver", "Weelo Captain"])
        expect(page.text).toContain(`${told}&#34;`);
      const throughPage = await request(`${inbox}/api/v1/auth/me`);
      expect([throughPage.status, throughPage.headers["www-authenticate"]]).toEqual([
        401,
        expect.stringContaining("Bearer"),
      ]);

      dev.stdout?.resume();
      const ended = once(dev, "close");
      dev.kill(signal);
      expect(await ended).toEqual([0, null]);
      for (const url of [service, inbox])
        await expect(request(url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    },
  );

  it("leaves no server behind when it is killed outright, and the next run nothing else", async () => {
    const directory = join(import.meta.dirname, "../../.local");
    const bindingsOf = async ({ pid }: ChildProcess) =>
      (await readdir(directory)).filter((name) => name.endsWith(`-${pid}.vars`));
    const killed = startDev({});
    const welcome = await readWelcome(killed);
    killed.kill("SIGKILL");
    for (const url of [urlIn(welcome, "Service"), urlIn(welcome, "Inbox")]) {
      const answer = () => request(url).catch((error: unknown) => error);
      await expect.poll(answer, { timeout: 10_000 }).toMatchObject({ code: "ECONNREFUSED" });
    }
    expect(await bindingsOf(killed)).toHaveLength(1);

    const next = startDev({});
    await readWelcome(next);
    expect(await bindingsOf(killed)).toEqual([]);
    expect(await bindingsOf(next)).toHaveLength(1);
    next.stdout?.resume();
    const ended = once(next, "close");
    next.kill("SIGTERM");
    await ended;
    expect(await bindingsOf(next)).toEqual([]);
  }, 90_000);

  it("shows the reference with its viewer, and no other file of the viewer's", async () => {
    const dev = startDev({});
    const service = urlIn(await readWelcome(dev), "Service");
    dev.stdout?.resume();
    const page = await request(`${service}/docs`);
    const nonce = /script-src 'nonce-([^']+)'/.exec(String(page.headers["content-security-policy"]))?.[1];
    expect(page.text).toContain(`<script src="docs/viewer.js" nonce="${nonce}">`);
    for (const [file, type] of [
      ["viewer.js", "text/javascript"],
      ["viewer.css", "text/css"],
    ]) {
      const asset = await request(`${service}/docs/${file}`);
      expect([asset.status, asset.headers["content-type"]]).toEqual([200, `${type}; charset=utf-8`]);
      const headers = { "If-None-Match": asset.headers.etag ?? "" };
      const again = await request(`${service}/docs/${file}`, { headers });
      expect([again.status, again.text]).toEqual([304, ""]);
    }
    for (const path of ["/", "/index.html", "/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/package.json"])
      expect([path, (await request(service + path)).status]).toEqual([path, 404]);
    const ended = once(dev, "close");
    dev.kill("SIGTERM");
    await ended;
  });

  it("says that a Redis cannot be reached, and ends", async () => {
    const dev = startDev({ REDIS_URL: "redis://:secret@127.0.0.1:1" });
    let complaint = "";
    dev.stderr?.on("data", (chunk: Buffer) => (complaint += String(chunk)));
    expect(await once(dev, "close")).toEqual([1, null]);
    expect(complaint).toBe("The Redis at 127.0.0.1:1 (REDIS_URL) cannot be reached.\n");
  });
});
