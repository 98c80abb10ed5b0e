import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Config } from "../config.ts";
import { readAtMost } from "../read-at-most.ts";
import type { Sms } from "./message.ts";
import type { PublishOutcome } from "./outcome.ts";
import { outcomeOfError } from "./outcome.ts";

/** The attributes that SNS reads as numbers. */
const NUMBERS: ReadonlySet<string> = new Set(["AWS.SNS.SMS.MaxPrice"]);

/** No answer of SNS to a publish is as long. */
const MOST_ANSWER_BYTES = 64 * 1024;

/** One publish to one region, once. Never throws. */
export type Publish = (region: string, sms: Sms) => Promise<PublishOutcome>;

/** SNS by its SDK, a client for each region and role. `timeoutMs` for one publish, its answer read to the end. */
export function createSnsPublish(sns: Config["sns"], timeoutMs: number): Publish {
  const clients = new Map<string, SNSClient>();

  function clientFor(region: string, role: string): SNSClient {
    const key = `${region} ${role}`;
    const client = clients.get(key) ?? createClient(sns, region, role);
    clients.set(key, client);
    return client;
  }

  return async (region, sms) => {
    const { to, text, attributes } = sms;
    const named = Object.entries(attributes).map(
      ([name, value]) =>
        [name, { DataType: NUMBERS.has(name) ? "Number" : "String", StringValue: value }] as const,
    );
    const command = new PublishCommand({
      PhoneNumber: to,
      Message: text,
      MessageAttributes: Object.fromEntries(named),
    });
    const abortSignal = AbortSignal.timeout(timeoutMs);
    try {
      await Promise.race([
        clientFor(region, sms.role).send(command, { abortSignal }),
        rejectWhen(abortSignal),
      ]);
      return { kind: "sent" };
    } catch (error) {
      return outcomeOfError(error);
    }
  };
}

function createClient(
  { accessKeyId, secretAccessKey, sessionToken, endpoint }: Config["sns"],
  region: string,
  role: string,
): SNSClient {
  return new SNSClient({
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) },
    ...(endpoint === null ? {} : { endpoint: endpoint.replaceAll("{region}", region) }),
    // A publish to a phone number has no idempotency: each of the SDK's own repeats could be another SMS.
    maxAttempts: 1,
    requestHandler: { requestInit: () => ({ redirect: "manual" }), customFetch: fetchAtMost },
    // Lets CloudTrail and the local inbox tell the apps apart.
    userAgentAppId: role,
  });
}

/**
 * The SDK reads an answer to its end, and one that has none would fill the memory of all requests of an isolate. What
 * cannot be read within bounds is as good as an answer with nothing in it: its status still says what became of the SMS.
 */
async function fetchAtMost(...asked: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...asked);
  if (answer.body === null) return answer;
  const bytes = await readAtMost(answer.body, MOST_ANSWER_BYTES);
  return new Response(typeof bytes === "string" ? "" : bytes, answer);
}

/** The SDK stops listening to its signal once the headers have come; a body that never ends must not hold the caller. */
function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
