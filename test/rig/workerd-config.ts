export interface WorkerdWorker {
  /** Strings as text, all else as JSON. */
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly compatibilityFlags?: readonly string[];
  /** What it trusts beside the public authorities, PEM. */
  readonly caPem: string;
}

const COMPATIBILITY_DATE = "2026-10-20";

/**
 * A configuration of `workerd serve`: one Worker, whose module stands beside it as `worker.js`, on any free port of
 * loopback, with TLS that trusts one authority more.
 */
export function formatWorkerdConfig({ bindings, compatibilityFlags = [], caPem }: WorkerdWorker): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = ${quote(COMPATIBILITY_DATE)},
      compatibilityFlags = [${compatibilityFlags.map(quote).join(", ")}],
      bindings = [${Object.entries(bindings).map(formatBinding).join(", ")}],
    )),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = [${quote(caPem)}]),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

function formatBinding([name, value]: readonly [string, unknown]): string {
  const content =
    typeof value === "string" ? `text = ${quote(value)}` : `json = ${quote(JSON.stringify(value))}`;
  return `(name = ${quote(name)}, ${content})`;
}

/** Cap'n Proto takes C's escapes, of which JSON has these; other characters stand for themselves. */
function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}
