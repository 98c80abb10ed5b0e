// @peculiar/x509 stops at import without it.
// oxlint-disable-next-line import/no-unassigned-import
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import type { Authority } from "../../../src/local/authority.ts";
import { closeAtOnce } from "../../../src/local/close-at-once.ts";
import { openAuthority } from "../../../src/local/authority.ts";
import type { DoorState } from "./door.ts";

type BadState = Extract<DoorState, object>;
type Name = BadState["server"];

/** Servers that nobody may talk to. */
export interface BadServers {
  readonly portOf: (state: BadState) => number;
  /** The paths of all requests that have reached one of them, without TLS or through it. */
  readonly reached: readonly string[];
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

export async function startBadServers({
  authority,
  directory,
}: {
  readonly authority: Authority;
  readonly directory: string;
}): Promise<BadServers> {
  const reached: string[] = [];
  const stranger = await openAuthority(join(directory, "stranger"));
  const answer: RequestListener = (request, response) => {
    reached.push(request.url ?? "");
    response.end("{}");
  };
  const certificates = {
    expired: await authority.issue({ notBefore: inDays(-30), notAfter: inDays(-1) }),
    "not yet valid": await authority.issue({ notBefore: inDays(1), notAfter: inDays(30) }),
    "other host": await authority.issue({ hosts: ["redis.example.com"] }),
    untrusted: await stranger.issue(),
    "self-signed": await signSelf(),
  } as const satisfies Record<Exclude<Name, "plain">, { key: string; cert: string }>;
  const servers = new Map<Name, Server>([["plain", createHttpServer(answer)]]);
  for (const [name, tls] of Object.entries(certificates)) {
    servers.set(name as Name, createHttpsServer(tls, answer));
  }
  const closers = [...servers.values()].map(closeAtOnce);
  await Promise.all([...servers.values()].map(listen));
  return {
    portOf: ({ server }) => (servers.get(server)?.address() as AddressInfo).port,
    reached,
    async close() {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

async function signSelf(): Promise<{ readonly key: string; readonly cert: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=localhost",
    notBefore: inDays(-1),
    notAfter: inDays(30),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: certificate.toString("pem") };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
}
