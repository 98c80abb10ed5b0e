import type { App } from "../config/apps.ts";
import type { Phone } from "../phone.ts";
import type { Purpose } from "./template.ts";

export interface CodeMessage {
  readonly app: App;
  readonly phone: Pick<Phone, "e164" | "country">;
  readonly code: string;
  /** Seconds that the code has left. */
  readonly lifetimeSeconds: number;
  /** BCP 47, as the caller asked. */
  readonly locale: string | null;
  /** `sign-in`, where none is named. */
  readonly purpose?: Purpose;
}

/**
 * What became of an SMS. `unknown`: nobody can say, it may be on its way. `rejected`: refused for the message or the
 * number. `unavailable`: every region said that it did not send.
 */
export type SmsOutcome = "sent" | "unknown" | "rejected" | "unavailable";

/** Never throws, and never sends twice but where a region said that it did not send. */
export type SendSms = (message: CodeMessage) => Promise<SmsOutcome>;
