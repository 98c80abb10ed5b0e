import { env } from "cloudflare:workers";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const sns = new SNSClient({
  region: env.AWS_REGION,
  endpoint: env.SNS_ENDPOINT,
  credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
});

/** One SMS by Amazon's own client with its own settings, as its documentation shows it. */
export async function sendSms(to: string, text: string): Promise<void> {
  await sns.send(
    new PublishCommand({
      PhoneNumber: to,
      Message: text,
      MessageAttributes: {
        "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
        "AWS.SNS.SMS.SenderID": { DataType: "String", StringValue: "WEELO" },
      },
    }),
  );
}
