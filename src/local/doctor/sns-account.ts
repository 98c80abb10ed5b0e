import { Agent } from "node:https";
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import type { NetworkFault } from "./network-fault.ts";
import { faultOf } from "./network-fault.ts";

export type SnsAnswer<T> =
  | { readonly kind: "answer"; readonly value: T }
  /** The credentials are known, and their policy does not allow the action. */
  | { readonly kind: "denied" }
  /** The credentials themselves. */
  | { readonly kind: "unknown_key" | "wrong_secret" | "expired" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "fault"; readonly fault: NetworkFault };

export interface SnsAccountOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly trust: string | null;
  readonly timeoutMs: number;
}

/** What may be asked of an account, each by one signed request that changes nothing. */
export interface SnsAccount {
  /** Dollars, as SNS tells them; null where none is set. */
  spendLimit(): Promise<SnsAnswer<string | null>>;
  isInSandbox(): Promise<SnsAnswer<boolean>>;
  isOptedOut(phone: string): Promise<SnsAnswer<boolean>>;
  close(): void;
}

export function openSnsAccount(options: SnsAccountOptions): SnsAccount {
  const { region, endpoint, credentials, trust, timeoutMs } = options;
  const client = new SNSClient({
    region,
    endpoint,
    credentials,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      httpsAgent: new Agent(trust === null ? {} : { ca: trust }),
    },
  });
  const read = async <T>(
    send: (abort: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<SnsAnswer<T>> => {
    try {
      return { kind: "answer", value: await send({ abortSignal: AbortSignal.timeout(timeoutMs) }) };
    } catch (error) {
      return failureOf(error);
    }
  };
  return {
    close: () => client.destroy(),
    spendLimit: () =>
      read(async (abort) => {
        const { attributes } = await client.send(new GetSMSAttributesCommand({}), abort);
        return attributes?.["MonthlySpendLimit"] ?? null;
      }),
    isInSandbox: () =>
      read(
        async (abort) =>
          (await client.send(new GetSMSSandboxAccountStatusCommand({}), abort)).IsInSandbox === true,
      ),
    isOptedOut: (phoneNumber) =>
      read(
        async (abort) =>
          (await client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }), abort)).isOptedOut ===
          true,
      ),
  };
}

const DENIED = /^(AuthorizationError|AccessDenied|UnauthorizedOperation)/;
const UNKNOWN_KEY =
  /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|MissingAuthenticationToken|OptInRequired)/;
const WRONG_SECRET = /^(SignatureDoesNotMatch|InvalidSignature|IncompleteSignature)/;
const EXPIRED = /^(ExpiredToken|RequestExpired)/;

/** By the code in AWS's answer; its words, which can quote the number, are never shown. */
function failureOf(error: unknown): Exclude<SnsAnswer<never>, { kind: "answer" }> {
  const code = codeOf(error);
  if (code === null) return { kind: "fault", fault: faultOf(error) };
  if (DENIED.test(code)) return { kind: "denied" };
  if (UNKNOWN_KEY.test(code)) return { kind: "unknown_key" };
  if (WRONG_SECRET.test(code)) return { kind: "wrong_secret" };
  if (EXPIRED.test(code)) return { kind: "expired" };
  return { kind: "refused", code };
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("Code" in error) || typeof error.Code !== "string") return null;
  return /^[A-Za-z][A-Za-z.]{0,63}$/.test(error.Code) ? error.Code : null;
}
