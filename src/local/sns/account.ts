import type { SnsFailure } from "./failure.ts";

/** What an AWS account says of itself when it is asked. */
export interface SnsAccount {
  readonly isInSandbox: boolean;
  /** Dollars; null where none was ever set. */
  readonly monthlySpendLimit: number | null;
  /** In E.164. */
  readonly optedOut: readonly string[];
  /** Actions that the IAM policy refuses, such as `GetSMSAttributes`. */
  readonly denied: readonly string[];
}

export const READY_ACCOUNT: SnsAccount = {
  isInSandbox: false,
  monthlySpendLimit: 100,
  optedOut: [],
  denied: [],
};

type Result = (account: SnsAccount, form: URLSearchParams) => string | SnsFailure;

/** What is in `<ActionResult>` (API reference of the actions by these names). */
const RESULTS: ReadonlyMap<string, Result> = new Map<string, Result>([
  ["GetSMSSandboxAccountStatus", ({ isInSandbox }) => `<IsInSandbox>${isInSandbox}</IsInSandbox>`],
  ["GetSMSAttributes", attributes],
  ["CheckIfPhoneNumberIsOptedOut", optOut],
]);

/** The result of an action that only reads, or AWS's refusal of it; null for another action. */
export function readAccount(account: SnsAccount, form: URLSearchParams): string | SnsFailure | null {
  const action = form.get("Action") ?? "";
  const result = RESULTS.get(action);
  if (result === undefined || form.get("Version") !== "2010-03-31") return null;
  return account.denied.includes(action) ? unauthorized(action) : result(account, form);
}

/** A policy can refuse any action, publishing too. */
export function unauthorized(action: string): SnsFailure {
  const message = `User is not authorized to perform: SNS:${action} because no identity-based policy allows the SNS:${action} action`;
  return { code: "AuthorizationError", status: 403, message };
}

function attributes({ monthlySpendLimit }: SnsAccount): string {
  const entries = [
    ["DefaultSMSType", "Transactional"],
    ...(monthlySpendLimit === null ? [] : [["MonthlySpendLimit", String(monthlySpendLimit)]]),
  ];
  const xml = entries.map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`);
  return `<attributes>${xml.join("")}</attributes>`;
}

function optOut({ optedOut }: SnsAccount, form: URLSearchParams): string | SnsFailure {
  const number = form.get("phoneNumber") ?? "";
  if (!/^\+[1-9]\d{6,14}$/.test(number)) {
    const message = "Invalid parameter: PhoneNumber Reason: input incorrectly formatted";
    return { code: "InvalidParameter", status: 400, message };
  }
  return `<isOptedOut>${optedOut.includes(number)}</isOptedOut>`;
}
