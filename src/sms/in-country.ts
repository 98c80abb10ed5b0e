import type { App, CountryFields } from "../config/apps.ts";
import type { Templates } from "./template.ts";

/** An app as it is towards the numbers of one country. */
export interface InCountry extends Pick<
  CountryFields,
  "senderId" | "originationNumber" | "maxPrice" | "dlt"
> {
  /** The country's own before the role's. */
  readonly templates: readonly Templates[];
}

/**
 * What `byCountry` has goes before the role's own. India's carriers want DLT ids, nobody else's know them. Sender id and
 * origination number are one choice: with either of its own a country takes neither of the role's.
 */
export function inCountry(app: App, country: string): InCountry {
  const own = app.byCountry?.[country] ?? {};
  const { senderId, originationNumber } =
    own.senderId === undefined && own.originationNumber === undefined ? app : own;
  return {
    senderId,
    originationNumber,
    maxPrice: own.maxPrice ?? app.maxPrice,
    dlt: country === "IN" ? (own.dlt ?? app.dlt) : undefined,
    templates: [own.templates ?? {}, app.templates],
  };
}
