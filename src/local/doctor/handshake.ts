import { connect } from "node:tls";
import type { NetworkFault } from "./network-fault.ts";
import { faultOf } from "./network-fault.ts";

export interface HandshakeOptions {
  /** PEM: the one authority to trust, in place of all that this machine trusts. */
  readonly trust: string | null;
  readonly timeoutMs: number;
}

export type Handshake =
  | { readonly ok: true; readonly expiresAt: number; readonly protocol: string }
  /** `expiresAt` where a certificate was seen before it was refused. */
  | { readonly ok: false; readonly fault: NetworkFault; readonly expiresAt: number | null };

/** One TLS handshake, its certificate verified, and nothing sent over it. Never rejects. */
export function shakeHands(url: URL, { trust, timeoutMs }: HandshakeOptions): Promise<Handshake> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    let expiresAt: number | null = null;
    const socket = connect({
      host,
      port: Number(url.port) || 443,
      servername: /^[\d.]+$|:/.test(host) ? "" : host,
      ALPNProtocols: ["http/1.1"],
      ...(trust === null ? {} : { ca: trust }),
    });
    const timer = setTimeout(() => socket.destroy(new DOMException("", "TimeoutError")), timeoutMs);
    // Before Node's own listener, which closes the connection of a certificate that it does not trust.
    socket.prependListener("secure", () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      expiresAt = Number.isNaN(Date.parse(validTo)) ? null : Date.parse(validTo);
    });
    socket.once("secureConnect", () => {
      const protocol = socket.getProtocol() ?? "TLS";
      resolve({ ok: true, expiresAt: expiresAt ?? 0, protocol });
      socket.destroy();
    });
    socket.once("error", (error) => resolve({ ok: false, fault: faultOf(error), expiresAt }));
    socket.once("close", () => {
      clearTimeout(timer);
      resolve({ ok: false, fault: "broken_off", expiresAt });
    });
  });
}
