import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuthority, type IssueOptions } from "../../src/local/authority.ts";
import { listenLoopback } from "../../src/local/loopback.ts";
import { request } from "./request.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "edge-otp-authority-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Asks a server that has a certificate issued with these options, trusting `trusted` only. */
async function ask(options: IssueOptions, trusted?: string): Promise<string> {
  const authority = await openAuthority(directory);
  const tls = await authority.issue(options);
  const { port, close } = await listenLoopback(
    () => createServer(tls, (_, response) => response.end("hello")),
    {},
  );
  try {
    return (await request(`https://localhost:${port}/`, { ca: trusted ?? authority.caPem })).text;
  } finally {
    await close();
  }
}

describe("the local authority", () => {
  it("issues certificates that Node takes for localhost", async () => {
    expect(await ask({})).toBe("hello");
  });

  it("issues none that is taken from an authority that is not trusted", async () => {
    const other = await mkdtemp(join(tmpdir(), "edge-otp-other-"));
    const { caPem } = await openAuthority(other);
    await expect(ask({}, caPem)).rejects.toMatchObject({ code: expect.stringMatching(/SIGNATURE|VERIFY/) });
    await rm(other, { recursive: true });
  });

  it("issues none that is taken for another host", async () => {
    const refused = { code: "ERR_TLS_CERT_ALTNAME_INVALID" };
    await expect(ask({ hosts: ["redis.example"] })).rejects.toMatchObject(refused);
  });

  it("issues none that is taken after its time, or before it", async () => {
    const day = 86_400_000;
    const [past, future] = [new Date(Date.now() - day), new Date(Date.now() + day)];
    await expect(ask({ notBefore: new Date(0), notAfter: past })).rejects.toMatchObject({
      code: "CERT_HAS_EXPIRED",
    });
    await expect(ask({ notBefore: future })).rejects.toMatchObject({ code: "CERT_NOT_YET_VALID" });
  });

  it("is the same one the next time", async () => {
    const first = await openAuthority(directory);
    expect((await openAuthority(directory)).caPem).toBe(first.caPem);
  });

  it("is one, however many open it at once", async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openAuthority(directory)));
    for (const { caPem } of opened) expect(await ask({}, caPem)).toBe("hello");
  });

  it("keeps its key from other users", async () => {
    await openAuthority(directory);
    expect((await stat(join(directory, "ca-key.pem"))).mode & 0o777).toBe(0o600);
  });

  it.each(["ca.pem", "ca-key.pem"])("is made anew where %s cannot be read", async (name) => {
    await openAuthority(directory);
    await writeFile(join(directory, name), "garbage");
    expect(await ask({})).toBe("hello");
    expect(await readFile(join(directory, name), "utf8")).toMatch(/^-----BEGIN/);
  });
});
