import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import { createDocument } from "../openapi/document.ts";
import { updateClient } from "../openapi/update-client.ts";

/** `npm run openapi`: writes the description that the Worker serves, and the types of the client. */
const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const document = createDocument(version);
const printWidth = 110;
const text = await format(JSON.stringify(document), { parser: "json", printWidth });
await writeFile(new URL("../openapi/document.json", import.meta.url), text);
const clientPath = new URL("../client.ts", import.meta.url);
const client = updateClient(await readFile(clientPath, "utf8"), document);
await writeFile(clientPath, await format(client, { parser: "typescript", printWidth }));
