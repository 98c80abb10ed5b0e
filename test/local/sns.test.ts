import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  PublishCommand,
  SNSClient,
  type SNSClientConfig,
} from "@aws-sdk/client-sns";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listenLoopback } from "../../src/local/loopback.ts";
import { READY_ACCOUNT, type SnsAccount } from "../../src/local/sns/account.ts";
import { startSns, type PublishedSms, type SnsServer } from "../../src/local/sns/server.ts";
import { verifySignature, type SignedRequest } from "../../src/local/sns/sigv4.ts";
import { openTestAuthority, request } from "./request.ts";

const credentials = { accessKeyId: "AKIATESTTESTTESTTEST", secretAccessKey: "a-secret-for-tests" };
let server: SnsServer;
let taken: PublishedSms[];
let clock: () => number;

beforeAll(async () => {
  const tls = await (await openTestAuthority()).issue();
  server = await startSns({ credentials, tls, now: () => clock(), onMessage: (sms) => taken.push(sms) });
});
beforeEach(() => {
  taken = [];
  clock = Date.now;
});
afterAll(() => server.close());

const client = (config: SNSClientConfig = {}): SNSClient =>
  new SNSClient({
    region: "ap-south-1",
    endpoint: server.url.replace("{region}", "ap-south-1"),
    credentials,
    maxAttempts: 1,
    userAgentAppId: "customer",
    ...config,
  });

const attribute = (value: string) => ({ DataType: "String", StringValue: value });

describe("the local SNS, asked by the AWS SDK", () => {
  it("takes a message to the letter, and says so", async () => {
    const message = "आपका कोड: 123456 + é & = * ~ ! ' ( )\r\n@weelo.example #123456";
    const answer = await client().send(
      new PublishCommand({
        PhoneNumber: "+919876543210",
        Message: message,
        MessageAttributes: {
          "AWS.SNS.SMS.SenderID": attribute("WEELO"),
          "AWS.SNS.SMS.SMSType": attribute("Transactional"),
        },
      }),
    );
    expect(taken).toEqual([
      {
        id: answer.MessageId,
        to: "+919876543210",
        text: message,
        region: "ap-south-1",
        attributes: { "AWS.SNS.SMS.SenderID": "WEELO", "AWS.SNS.SMS.SMSType": "Transactional" },
        userAgent: expect.stringContaining("app/customer"),
        receivedAt: expect.any(Number),
      },
    ]);
  });

  it.each<[string, SNSClientConfig, string]>([
    [
      "a wrong secret",
      { credentials: { ...credentials, secretAccessKey: "other" } },
      "SignatureDoesNotMatch",
    ],
    ["an unknown key", { credentials: { ...credentials, accessKeyId: "AKIAOTHER" } }, "InvalidClientTokenId"],
    [
      "a session that nobody began",
      { credentials: { ...credentials, sessionToken: "t" } },
      "InvalidClientTokenId",
    ],
    ["a signature for another region", { region: "ap-south-2" }, "SignatureDoesNotMatch"],
  ])("refuses %s", async (_name, config, name) => {
    const sent = client(config).send(new PublishCommand({ PhoneNumber: "+919876543210", Message: "Hello" }));
    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    expect(taken).toEqual([]);
  });

  it.each([
    ["late", 16 * 60_000, /^Signature expired: \S+ is now earlier than \S+ \(\S+ - 15 min\.\)$/],
    ["early", -16 * 60_000, /^Signature not yet current: \S+ is still later than \S+ \(\S+ \+ 15 min\.\)$/],
  ])("refuses a request that comes %s", async (_name, skewMs, message) => {
    clock = () => Date.now() + skewMs;
    const sent = client({ maxAttempts: 1 }).send(
      new PublishCommand({ PhoneNumber: "+919876543210", Message: "Hello" }),
    );
    await expect(sent).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      "a national number",
      { PhoneNumber: "9876543210", Message: "Hello" },
      /^Invalid parameter: PhoneNumber Reason: 9876543210 /,
    ],
    ["no number", { Message: "Hello" }, /^Invalid parameter: PhoneNumber Reason: /],
    ["an empty message", { PhoneNumber: "+919876543210", Message: "" }, /^Invalid parameter: Empty message$/],
    [
      "1601 characters",
      { PhoneNumber: "+919876543210", Message: "x".repeat(1601) },
      /^Invalid parameter: Message too long$/,
    ],
    [
      "a sender id of twelve letters",
      {
        PhoneNumber: "+919876543210",
        Message: "x",
        MessageAttributes: { "AWS.SNS.SMS.SenderID": attribute("WEELOWEELOWE") },
      },
      /^Invalid parameter: AWS\.SNS\.SMS\.SenderID Reason: /,
    ],
  ])("refuses %s", async (_name, input, message) => {
    const refused = { name: "InvalidParameterException", message: expect.stringMatching(message) };
    await expect(client().send(new PublishCommand(input))).rejects.toMatchObject(refused);
    expect(taken).toEqual([]);
  });
});

describe("the account behind the local SNS, asked by the AWS SDK", () => {
  const started: SnsServer[] = [];
  afterAll(() => Promise.all(started.map((one) => one.close())));

  async function accountOf(account?: SnsAccount): Promise<SNSClient> {
    const tls = await (await openTestAuthority()).issue();
    const sns = await startSns({
      credentials,
      tls,
      onMessage: (sms) => taken.push(sms),
      ...(account && { account }),
    });
    started.push(sns);
    return client({ endpoint: sns.url.replace("{region}", "ap-south-1") });
  }

  it("may send, unless it is told otherwise", async () => {
    const sns = await accountOf();
    expect(await sns.send(new GetSMSSandboxAccountStatusCommand())).toMatchObject({ IsInSandbox: false });
    expect((await sns.send(new GetSMSAttributesCommand())).attributes).toMatchObject({
      MonthlySpendLimit: "100",
    });
    expect(
      await sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: "+919876543210" })),
    ).toMatchObject({ isOptedOut: false });
  });

  it("tells of its sandbox, its spend limit and who has opted out", async () => {
    const optedOut = ["+919876543210"];
    const sns = await accountOf({ isInSandbox: true, monthlySpendLimit: null, optedOut, denied: [] });
    expect(await sns.send(new GetSMSSandboxAccountStatusCommand())).toMatchObject({ IsInSandbox: true });
    expect((await sns.send(new GetSMSAttributesCommand())).attributes).not.toHaveProperty(
      "MonthlySpendLimit",
    );
    const [isOut, isNot] = await Promise.all(
      ["+919876543210", "+919876543211"].map((phoneNumber) =>
        sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber })),
      ),
    );
    expect([isOut?.isOptedOut, isNot?.isOptedOut]).toEqual([true, false]);
  });

  it("refuses what its policy does not allow, publishing too", async () => {
    const sns = await accountOf({ ...READY_ACCOUNT, denied: ["GetSMSAttributes", "Publish"] });
    const refused = { name: "AuthorizationErrorException", $metadata: { httpStatusCode: 403 } };
    await expect(sns.send(new GetSMSAttributesCommand())).rejects.toMatchObject(refused);
    const publish = new PublishCommand({ PhoneNumber: "+919876543210", Message: "Hello" });
    await expect(sns.send(publish)).rejects.toMatchObject(refused);
    expect(taken).toEqual([]);
    expect(await sns.send(new GetSMSSandboxAccountStatusCommand())).toMatchObject({ IsInSandbox: false });
  });

  it("tells nothing to a wrong secret", async () => {
    const sns = client({ credentials: { ...credentials, secretAccessKey: "other" } });
    await expect(sns.send(new GetSMSAttributesCommand())).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
  });
});

describe("the local SNS, on the wire", () => {
  it("refuses what is not signed, in XML", async () => {
    const { caPem: ca } = await openTestAuthority();
    const answer = await request(server.url.replace("{region}", "ap-south-1"), {
      method: "POST",
      ca,
      body: "Action=Publish",
    });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});

describe("a signature", () => {
  const now = Date.now();

  it("is good for the request that it was made for", async () => {
    expect(verifySignature(await signed(), credentials, now)).toBeNull();
  });

  it.each<[string, (request: SignedRequest) => Partial<SignedRequest>]>([
    ["body", ({ body }) => ({ body: `${String(body)}&x=1` })],
    ["path", ({ path }) => ({ path: `${path}x` })],
    ["query", () => ({ query: "a=b" })],
    ["method", () => ({ method: "PUT" })],
    ["host", ({ headers }) => ({ headers: { ...headers, host: "sns.example" } })],
  ])("is no good for another %s", async (_name, change) => {
    const original = await signed();
    const failure = verifySignature({ ...original, ...change(original) }, credentials, now);
    expect(failure).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
  });

  it.each([
    ["another scheme", "Bearer x"],
    ["no parameters", "AWS4-HMAC-SHA256 "],
    ["half a scope", "AWS4-HMAC-SHA256 Credential=A/20260101, SignedHeaders=host, Signature=0"],
  ])("is incomplete with %s", async (_name, authorization) => {
    const original = await signed();
    const headers = { ...original.headers, authorization };
    expect(verifySignature({ ...original, headers }, credentials, now)).toMatchObject({
      code: "IncompleteSignature",
      status: 400,
    });
  });

  it("must cover host and date", async () => {
    const original = await signed();
    const authorization = (original.headers["authorization"] ?? "").replace("host;", "");
    const failure = verifySignature(
      { ...original, headers: { ...original.headers, authorization } },
      credentials,
      now,
    );
    expect(failure).toMatchObject({
      code: "SignatureDoesNotMatch",
      message: expect.stringContaining("'host'"),
    });
  });
});

/** A request that the SDK signed, as a server received it. */
async function signed(): Promise<SignedRequest> {
  const received: SignedRequest[] = [];
  const tls = await (await openTestAuthority()).issue();
  const recorder = createServer(tls, (incoming, response) => {
    text(incoming).then(
      (body) => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        );
        received.push({ method: incoming.method ?? "", path: incoming.url ?? "", query: "", headers, body });
        return response.writeHead(503).end();
      },
      () => response.destroy(),
    );
  });
  const { port, close } = await listenLoopback(() => recorder, { host: "127.0.0.1" });
  const sent = client({ endpoint: `https://127.0.0.1:${port}/ap-south-1` }).send(
    new PublishCommand({ PhoneNumber: "+919876543210", Message: "Hello" }),
  );
  await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  await close();
  const [first] = received;
  if (first === undefined) throw new Error("The SDK sent nothing");
  return first;
}
