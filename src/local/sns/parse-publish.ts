import type { SnsFailure } from "./failure.ts";

export interface Publish {
  readonly to: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The largest SMS that SNS takes, in characters; it sends it in parts. */
const MESSAGE_LIMIT = 1600;
const SENDER_ID = "AWS.SNS.SMS.SenderID";

/** What a Query-protocol body asks to publish to a phone number, or SNS's refusal of it. */
export function parsePublish(form: URLSearchParams): Publish | SnsFailure {
  const action = form.get("Action") ?? "";
  if (action !== "Publish" || form.get("Version") !== "2010-03-31") {
    const message = `The action ${action} is not valid for this endpoint.`;
    return { code: "InvalidAction", status: 400, message };
  }
  const to = form.get("PhoneNumber") ?? "";
  const text = form.get("Message") ?? "";
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    return invalid(`PhoneNumber Reason: ${to} is not valid to publish to`);
  }
  if (text === "") return invalid("Empty message");
  if (Array.from(text).length > MESSAGE_LIMIT) return invalid("Message too long");
  const attributes = parseAttributes(form);
  if (attributes === null) return invalid("MessageAttributes Reason: a name, data type and value are needed");
  const sender = attributes[SENDER_ID];
  if (sender !== undefined && !isSenderId(sender)) {
    return invalid(
      `${SENDER_ID} Reason: ${sender} is not 1 to 11 letters and digits, with a letter among them`,
    );
  }
  return { to, text, attributes };
}

function parseAttributes(form: URLSearchParams): Readonly<Record<string, string>> | null {
  const attributes: [string, string][] = [];
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    const entry = `MessageAttributes.entry.${index}`;
    const name = form.get(`${entry}.Name`);
    const value = form.get(`${entry}.Value.StringValue`);
    if (!name || !value || !form.get(`${entry}.Value.DataType`)) return null;
    attributes.push([name, value]);
  }
  return Object.fromEntries(attributes);
}

const isSenderId = (text: string): boolean => /^[A-Za-z0-9]{1,11}$/.test(text) && /[A-Za-z]/.test(text);

const invalid = (what: string): SnsFailure => ({
  code: "InvalidParameter",
  status: 400,
  message: `Invalid parameter: ${what}`,
});
