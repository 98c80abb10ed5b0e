import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { Redis } from "@upstash/redis/cloudflare";

type Commands = readonly (readonly string[])[];

interface Env {
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly SNS_ENDPOINT: string;
  /** What the service's own transactions were. */
  readonly SEND_COMMANDS: Commands;
  readonly VERIFY_COMMANDS: Commands;
}

class Store extends Redis {
  transact(commands: Commands): Promise<unknown> {
    return this.client.request({ path: ["multi-exec"], body: commands });
  }
}

interface Upstreams {
  readonly store: Store;
  readonly sns: SNSClient;
}

let connected: Upstreams | null = null;

/** The same two calls as the service makes, by the same clients with the same settings, and nothing else. A GET makes none. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { store, sns } = (connected ??= connect(env));
    if (request.method === "GET") return new Response("Hello");
    const { phone } = (await request.json()) as { phone: string };
    if (new URL(request.url).pathname === "/verify") {
      await store.transact(env.VERIFY_COMMANDS);
      return Response.json({ success: true });
    }
    await store.transact(env.SEND_COMMANDS);
    await sns.send(publishTo(phone), { abortSignal: AbortSignal.timeout(5000) });
    return Response.json({ success: true });
  },
};

function connect(env: Env): Upstreams {
  return {
    store: new Store({
      url: env.UPSTASH_REDIS_REST_URL,
      token: env.UPSTASH_REDIS_REST_TOKEN,
      retry: { retries: 0 },
      signal: () => AbortSignal.timeout(1500),
      automaticDeserialization: false,
      responseEncoding: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      latencyLogging: false,
      readYourWrites: false,
    }),
    sns: new SNSClient({
      region: env.AWS_REGION,
      endpoint: env.SNS_ENDPOINT,
      credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
      maxAttempts: 1,
      userAgentAppId: "customer",
    }),
  };
}

function publishTo(phone: string): PublishCommand {
  return new PublishCommand({
    PhoneNumber: phone,
    Message: "Your Weelo verification code is: 123456. Valid for 5 minutes.",
    MessageAttributes: {
      "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
      "AWS.SNS.SMS.SenderID": { DataType: "String", StringValue: "WEELO" },
    },
  });
}
