import { violations } from "../../harness/description.ts";
import type { Answer, Ask, Exchange } from "../exchange.ts";
import { isFaulted } from "./answers.ts";
import type { Reference } from "./reference.ts";

const EXPIRED = ["OTP_EXPIRED"] as const;

/** The codes that each route may answer to requests that are well formed, beside SERVICE_UNAVAILABLE. */
const CODES: Readonly<Record<Ask["kind"], readonly string[]>> = {
  send: ["OK", "OTP_RATE_LIMIT_EXCEEDED", "REQUEST_IN_PROGRESS", "OTP_SEND_FAILED"],
  verify: ["OK", "OTP_INVALID", "OTP_MAX_ATTEMPTS", "OTP_RATE_LIMIT_EXCEEDED", ...EXPIRED],
  refresh: ["OK", "UNAUTHORIZED"],
  me: ["OK", "UNAUTHORIZED"],
  logout: ["OK"],
  logout_everywhere: ["OK"],
};

/** Every answer is one of the API's, its shape as documented, its wait rounded up; none is a 5xx while all is well. */
export function createContract(): Reference {
  return {
    see(exchange) {
      const { ask, answer } = exchange;
      if (answer === null)
        return exchange.faults.store.length + exchange.faults.sms.length > 0 ? [] : ["no answer"];
      const { method, path } = ask;
      const { status, headers, text } = answer;
      const wrong = violations({ method, path, sent: ask.body, status, headers, text });
      return [...wrong, ...wrongCode(exchange, answer), ...wrongWait(answer)];
    },
  };
}

function wrongCode(exchange: Exchange, { code, status, text }: Answer): readonly string[] {
  const { ask, storeFailed, smsFailed } = exchange;
  if (status >= 500 && !isFaulted(exchange)) return [`${status} ${code}, and no upstream has failed`];
  if (code === "SERVICE_UNAVAILABLE" && isRepairable(exchange))
    return ["503, and one more try would have done"];
  if (code === "OTP_SEND_FAILED") return smsFailed ? [] : ["OTP_SEND_FAILED, and SNS has not refused"];
  if (code === "SERVICE_UNAVAILABLE") return storeFailed || smsFailed ? [] : ["503 without a reason"];
  if (code === "OTP_INVALID" && ask.isForged) return ["OTP_INVALID for a forged id"];
  // A role that asks for challenge ids refuses a guess without one before anything else.
  if (code === "INVALID_REQUEST" && ask.role === "driver" && ask.challenge === null) return [];
  return CODES[ask.kind].includes(code) ? [] : [`${ask.kind} answers ${code}: ${text}`];
}

/** Whether no more than one transaction was lost on its way or back. */
function isRepairable({ faults, smsFailed }: Exchange): boolean {
  const met = faults.store.filter((fate) => fate !== "pass");
  return !smsFailed && met.length === 1 && met[0] !== "refused" && met[0] !== "dies";
}

function wrongWait({ headers, error }: Answer): readonly string[] {
  const { retryAfter, retryAfterMs } = error;
  const header = headers.get("Retry-After");
  if (header !== null && header !== String(retryAfter))
    return [`Retry-After ${header}, retryAfter ${String(retryAfter)}`];
  if (typeof retryAfterMs !== "number") return [];
  return typeof retryAfter === "number" && retryAfter * 1000 >= retryAfterMs
    ? []
    : [`retryAfter ${String(retryAfter)} s is earlier than retryAfterMs ${retryAfterMs}`];
}
