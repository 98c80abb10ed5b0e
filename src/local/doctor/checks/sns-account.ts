import { maskPhone } from "../../../phone.ts";
import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import { about } from "../finding.ts";
import { fixOf, sentenceOf } from "../network-fault.ts";
import { isOptIn } from "../opt-in-regions.ts";
import type { Patient } from "../patient.ts";
import { isProduction } from "../patient.ts";
import type { SnsAccount, SnsAnswer } from "../sns-account.ts";

export interface Region {
  readonly region: string;
  readonly account: SnsAccount;
  readonly patient: Patient;
}

/** Who we are there, and what the account may send. */
export function accountChecks(of: Region): readonly Check[] {
  const id = `sns.${of.region}`;
  const needs = [`${id}.credentials`];
  return [
    { id: `${id}.credentials`, needs: [`${id}.tls`], run: (says) => checkCredentials(says, id, of) },
    { id: `${id}.sandbox`, needs, run: (says) => checkSandbox(says, of) },
    { id: `${id}.opt-out`, needs, run: (says) => checkOptOut(says, of) },
  ];
}

/** One request tells both: whether the credentials are known, and the spend limit. */
async function checkCredentials(says: Says, id: string, of: Region): Promise<readonly Finding[]> {
  const answer = await of.account.spendLimit();
  const spend = about(`${id}.spend-limit`);
  if (answer.kind !== "answer" && answer.kind !== "denied") return [noAnswer(says, answer, of)];
  const known = says.ok(`AWS knows the credentials in ${of.region}.`);
  if (answer.kind === "denied") return [known, denied(spend, "sns:GetSMSAttributes", "the spend limit")];
  return [known, judgeSpendLimit(spend, answer.value, of)];
}

function judgeSpendLimit(says: Says, limit: string | null, { region, patient }: Region): Finding {
  const fix = `Ask AWS support for a higher limit (Service Quotas, SNS, ${region}), then set it under "Text messaging preferences".`;
  if (limit === null || !Number.isFinite(Number(limit)))
    return says.warn(
      `SNS in ${region} tells no monthly spend limit; a new account's is 1 dollar, some twenty messages to India.`,
      fix,
    );
  if (Number(limit) > 1) return says.ok(`The monthly spend limit in ${region} is ${Number(limit)} dollars.`);
  const sentence = `The monthly spend limit in ${region} is ${Number(limit)} dollar, after which no SMS is sent until the month ends.`;
  return isProduction(patient) ? says.fail(sentence, fix) : says.warn(sentence, fix);
}

async function checkSandbox(says: Says, of: Region): Promise<Finding> {
  const answer = await of.account.isInSandbox();
  if (answer.kind === "denied")
    return denied(says, "sns:GetSMSSandboxAccountStatus", "whether the account is in the SMS sandbox");
  if (answer.kind !== "answer") return noAnswer(says, answer, of);
  if (!answer.value) return says.ok(`The account is out of the SMS sandbox in ${of.region}.`);
  const sentence = `The account is in the SMS sandbox in ${of.region}: only numbers that you have verified get an SMS.`;
  const fix = `Choose ${of.region} in the SNS console, "Text messaging (SMS)", "Exit SMS sandbox".`;
  return isProduction(of.patient) ? says.fail(sentence, fix) : says.warn(sentence, fix);
}

async function checkOptOut(says: Says, of: Region): Promise<Finding | readonly Finding[]> {
  const { phone } = of.patient;
  if (phone === null) return [];
  const masked = maskPhone(phone.slice(1));
  const answer = await of.account.isOptedOut(phone);
  if (answer.kind === "denied")
    return denied(says, "sns:CheckIfPhoneNumberIsOptedOut", `whether ${masked} has opted out`);
  if (answer.kind !== "answer") return noAnswer(says, answer, of);
  if (!answer.value) return says.ok(`${masked} has not opted out in ${of.region}.`);
  return says.fail(
    `${masked} has opted out of SMS in ${of.region}, so SNS sends it none.`,
    'With its owner\'s consent: SNS console, "Text messaging (SMS)", "Opted-out phone numbers", once in 30 days.',
  );
}

function denied(says: Says, action: string, what: string): Finding {
  return says.skipped(
    `The IAM policy does not allow to ask ${what}.`,
    `Allow ${action} to this user for the moment of the check; the service itself does not need it.`,
  );
}

function noAnswer(
  says: Says,
  answer: Exclude<SnsAnswer<never>, { kind: "answer" | "denied" }>,
  { region }: Region,
): Finding {
  switch (answer.kind) {
    case "unknown_key":
      return says.fail(
        `AWS does not know the access key in ${region}.`,
        isOptIn(region)
          ? `Where other regions know it: enable ${region} for the account (Account, AWS Regions). Else make a new key for the IAM user.`
          : "Make a new access key for the IAM user and put both halves in place.",
      );
    case "wrong_secret":
      return says.fail(
        `AWS knows the access key, but the secret is not its own (${region}).`,
        "Put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in place as one pair; then look at this machine's clock.",
      );
    case "expired":
      return says.fail(
        `The AWS session has expired (${region}).`,
        "Use the key of an IAM user without a session, or bring a new AWS_SESSION_TOKEN.",
      );
    case "refused":
      return says.fail(
        `SNS in ${region} refuses to answer (${answer.code}).`,
        "Look the code up in the SNS API reference.",
      );
    case "fault":
      return says.fail(sentenceOf(answer.fault, `SNS in ${region}`), fixOf(answer.fault));
  }
}
