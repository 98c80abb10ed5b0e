import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The file to name in NODE_EXTRA_CA_CERTS, which takes one file only: the local authority's, or, where the variable is
 * set already, a copy of that file with the local authority added. Trust is only ever added to.
 */
export async function openCaBundle(
  directory: string,
  caPath: string,
  existing: string | undefined,
): Promise<string> {
  if (!existing) return caPath;
  const parts = await Promise.all([existing, caPath].map((path) => readFile(path, "utf8")));
  const bundle = join(directory, "ca-bundle.pem");
  await writeFile(bundle, parts.join("\n"));
  return bundle;
}
