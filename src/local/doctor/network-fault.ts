/** How a connection failed, as far as a person can do something about it. */
export type NetworkFault =
  | "no_such_host"
  | "refused"
  | "unreachable"
  | "timeout"
  | "broken_off"
  | "plaintext"
  | "expired"
  | "not_yet_valid"
  | "wrong_host"
  | "unknown_authority"
  | "tls"
  | "too_long"
  | "other";

/** OpenSSL's and Node's names (Node's documentation of tls, "X509 certificate error codes", and of errors). */
const FAULTS: Readonly<Record<string, NetworkFault>> = {
  ENOTFOUND: "no_such_host",
  EAI_AGAIN: "no_such_host",
  EAI_NODATA: "no_such_host",
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "timeout",
  ABORT_ERR: "timeout",
  ECONNRESET: "broken_off",
  EPIPE: "broken_off",
  ERR_SSL_WRONG_VERSION_NUMBER: "plaintext",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "plaintext",
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not_yet_valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "wrong_host",
  CERT_UNTRUSTED: "unknown_authority",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown_authority",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown_authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown_authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown_authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown_authority",
  CERT_SIGNATURE_FAILURE: "unknown_authority",
};

export function faultOf(error: unknown): NetworkFault {
  if (!(error instanceof Error)) return "other";
  // Where a name has several addresses, each has an error of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0]);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return FAULTS[code] ?? (code.startsWith("ERR_SSL_") || code === "EPROTO" ? "tls" : "other");
}

interface Words {
  readonly sentence: (host: string) => string;
  readonly fix: string;
}

const NETWORK_FIX = "Look at the address, at this machine's network, and for a firewall or proxy in between.";

const WORDS = {
  no_such_host: {
    sentence: (host) => `No address is known for ${host}.`,
    fix: "Look for a misspelling, whether the database still exists, and at this machine's DNS.",
  },
  refused: { sentence: (host) => `Nobody listens at ${host}.`, fix: NETWORK_FIX },
  unreachable: { sentence: (host) => `There is no way to ${host} from here.`, fix: NETWORK_FIX },
  timeout: { sentence: (host) => `${host} did not answer in time.`, fix: NETWORK_FIX },
  broken_off: { sentence: (host) => `${host} broke the connection off.`, fix: NETWORK_FIX },
  plaintext: {
    sentence: (host) => `What listens at ${host} does not speak TLS.`,
    fix: "Name the address of an HTTPS server: the service speaks TLS or not at all.",
  },
  expired: {
    sentence: (host) => `The certificate of ${host} has expired.`,
    fix: "Renew it. Upstash and AWS renew theirs by themselves: then look at this machine's clock, and for a proxy in between.",
  },
  not_yet_valid: {
    sentence: (host) => `The certificate of ${host} is not valid yet.`,
    fix: "Look at this machine's clock, then at who made the certificate.",
  },
  wrong_host: {
    sentence: (host) => `The certificate there is not for ${host}.`,
    fix: "Use the name that the certificate is for; the Worker will refuse any other.",
  },
  unknown_authority: {
    sentence: (host) => `The certificate of ${host} comes from an authority that nobody here trusts.`,
    fix: "The Worker trusts public authorities only. Behind a proxy that opens TLS, this machine alone may be told of its authority by NODE_EXTRA_CA_CERTS.",
  },
  tls: { sentence: (host) => `The TLS handshake with ${host} failed.`, fix: NETWORK_FIX },
  too_long: {
    sentence: (host) => `${host} sent more than an answer can have.`,
    fix: "Look at the address: that is not what it should lead to.",
  },
  other: { sentence: (host) => `The connection to ${host} failed.`, fix: NETWORK_FIX },
} as const satisfies Record<NetworkFault, Words>;

export const sentenceOf = (fault: NetworkFault, host: string): string => WORDS[fault].sentence(host);
export const fixOf = (fault: NetworkFault): string => WORDS[fault].fix;
