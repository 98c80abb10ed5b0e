import { SegmentedMessage } from "sms-segments-calculator";
import type { PublishedSms } from "../sns/server.ts";

/** A text message as the inbox shows it. */
export interface InboxMessage {
  readonly id: string;
  readonly to: string;
  /** The sender id, or null where the network would choose a number. */
  readonly from: string | null;
  /** The role that the Worker signed somebody in for, by the app id in its user agent, or null. */
  readonly role: string | null;
  readonly text: string;
  /** The first run of four to ten digits in the text, or null. */
  readonly code: string | null;
  /** How many SMS the text takes, each paid for. */
  readonly parts: number;
  readonly encoding: "GSM-7" | "UCS-2";
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly region: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Inbox {
  add(sms: PublishedSms): void;
  /** Newest first. A phone matches by its last digits, however it is written: national, E.164, with spaces. */
  list(phone?: string): readonly InboxMessage[];
  /** Calls the listener with every message from now on, until the function that it returns is called. */
  subscribe(listener: (message: InboxMessage) => void): () => void;
}

const CAPACITY = 500;

/** Keeps the newest 500 messages in memory and forgets them with the process. */
export function createInbox(): Inbox {
  const listeners = new Set<(message: InboxMessage) => void>();
  let messages: readonly InboxMessage[] = [];
  return {
    add(sms) {
      const message = describeSms(sms);
      messages = [message, ...messages].slice(0, CAPACITY);
      for (const listener of listeners) listener(message);
    },
    list(phone = "") {
      const wanted = digitsOf(phone);
      return wanted === "" ? messages : messages.filter(({ to }) => digitsOf(to).endsWith(wanted));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function describeSms(sms: PublishedSms): InboxMessage {
  const segmented = new SegmentedMessage(sms.text);
  return {
    id: sms.id,
    to: sms.to,
    from: sms.attributes["AWS.SNS.SMS.SenderID"] ?? null,
    role: /(?:^|\s)app\/(\S+)/.exec(sms.userAgent)?.[1] ?? null,
    text: sms.text,
    code: /(?<!\d)\d{4,10}(?!\d)/.exec(sms.text)?.[0] ?? null,
    parts: segmented.segmentsCount,
    encoding: segmented.getEncodingName() === "GSM-7" ? "GSM-7" : "UCS-2",
    receivedAt: new Date(sms.receivedAt).toISOString(),
    region: sms.region,
    attributes: sms.attributes,
  };
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, "");
