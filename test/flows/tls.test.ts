import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAuthority } from "../../src/local/authority.ts";
import type { FaultProxy } from "../harness/fault-proxy.ts";
import { startFaultProxy } from "../harness/fault-proxy.ts";
import { freshPhone, startService } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day);

let upstreams: Upstreams;
let untrustedDirectory: string;
beforeAll(async () => {
  upstreams = await startUpstreams();
  untrustedDirectory = await mkdtemp(join(tmpdir(), "edge-otp-untrusted-"));
});
afterAll(async () => {
  await upstreams.close();
  await rm(untrustedDirectory, { recursive: true });
});

const certificates = {
  good: () => upstreams.authority.issue(),
  "from an authority that is not trusted": async () => (await openAuthority(untrustedDirectory)).issue(),
  "that has expired": () => upstreams.authority.issue({ notBefore: from(-30), notAfter: from(-1) }),
  "that is not valid yet": () => upstreams.authority.issue({ notBefore: from(1), notAfter: from(30) }),
  "for another host": () => upstreams.authority.issue({ hosts: ["redis.example.com"] }),
};

async function behind(certificate: keyof typeof certificates, upstream: string): Promise<FaultProxy> {
  const { authority } = upstreams;
  return startFaultProxy({ upstream, tls: await certificates[certificate](), ca: authority.caPem });
}

describe.each(Object.keys(certificates) as (keyof typeof certificates)[])(
  "a certificate %s",
  (certificate) => {
    const isGood = certificate === "good";

    it(
      isGood ? "is taken from the store" : "is refused on the way to the store, and no request leaves",
      async () => {
        const proxy = await behind(certificate, upstreams.store.url);
        const service = await startService(
          { UPSTASH_REDIS_REST_URL: proxy.url },
          { ...upstreams, close: () => Promise.resolve() },
        );
        const before = upstreams.sns.exchanges.length;
        const { status, body } = await service.sendOtp({ phone: freshPhone() });
        expect([status, body.error?.["upstream"]]).toEqual(isGood ? [200, undefined] : [503, "store"]);
        expect(proxy.exchanges.length).toBe(isGood ? 1 : 0);
        expect(upstreams.sns.exchanges.length).toBe(before + (isGood ? 1 : 0));
        await service.close();
        await proxy.close();
      },
    );

    it(isGood ? "is taken from SNS" : "is refused on the way to SNS, and no request leaves", async () => {
      const proxy = await behind(certificate, upstreams.sns.url);
      const service = await startService(
        { SNS_ENDPOINT: `${proxy.url}/{region}` },
        { ...upstreams, close: () => Promise.resolve() },
      );
      const { body } = await service.sendOtp({ phone: freshPhone() });
      // workerd reads a failed handshake and a dropped connection alike, so nobody can say that nothing was sent.
      expect(body.data?.["delivery"]).toBe(isGood ? "accepted" : "unconfirmed");
      expect(proxy.exchanges.length).toBe(isGood ? 1 : 0);
      await service.close();
      await proxy.close();
    });
  },
);
