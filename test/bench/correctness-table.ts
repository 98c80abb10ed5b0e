import type { TimedAnswer } from "../rig/client.ts";
import type { Correctness } from "./correctness.ts";
import { PEOPLE } from "./correctness/dump.ts";
import { CODES, CODES_FLOODED, RIGHT_GUESSES, WRONG_GUESSES } from "./correctness/guesses.ts";
import { SENDS as SENDS_IN_A_ROW, SLOW_MS } from "./correctness/limits.ts";
import type { Outcome } from "./correctness/lost-replies.ts";
import { GUESSES_EACH, RESENDS, SENDS } from "./correctness/resend.ts";
import { LATE_MS } from "./correctness/sms-faults.ts";
import { PATIENCE_MS } from "./correctness/wait-for.ts";

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row for each question, a column for each contender. */
export function correctnessTable(all: readonly Correctness[]): Table {
  return {
    head: ["", ...all.map(({ name }) => name)],
    rows: QUESTIONS.map(([question, answer]) => [question, ...all.map(answer)]),
  };
}

type Question = readonly [question: string, answer: (found: Correctness) => string];

const QUESTIONS: readonly Question[] = [
  [
    `sign-ins by one code, of ${RIGHT_GUESSES} right guesses at once: median, worst of ${CODES} codes`,
    ({ guesses }) => `${median(guesses.winners)}, ${Math.max(...guesses.winners)}`,
  ],
  [
    `guesses compared with a code, of ${WRONG_GUESSES} wrong ones at once: worst of ${CODES_FLOODED} codes`,
    ({ guesses }) => `${Math.max(...guesses.comparedAtOnce)}`,
  ],
  [
    `the same, of ${WRONG_GUESSES} one after another`,
    ({ guesses }) => `${Math.max(...guesses.comparedInTurn)}`,
  ],
  [
    `the same at one number, with ${SENDS} sends and ${GUESSES_EACH} guesses after each`,
    ({ resend }) => `${resend.compared}`,
  ],
  [
    `owners who get in after ${WRONG_GUESSES} wrong guesses of a stranger`,
    ({ guesses }) => `${guesses.ownersIn} of ${CODES_FLOODED}`,
  ],
  ["after a resend the first SMS's code works", ({ resend }) => `${resend.firstCodes} of ${RESENDS}`],
  [
    "after a resend in the middle of a wrong guess the newest SMS's code works",
    ({ overlaps: { resent, orders } }) => `${resent} of ${orders}`,
  ],
  [
    "in the middle of a wrong guess the right code works",
    ({ overlaps: { typed, orders } }) => `${typed} of ${orders}`,
  ],
  [
    "one reply of the store is lost: who has the right code gets in",
    (found) => outcomes(found.lostReplies.one),
  ],
  ["it and all that follow are lost, and he asks again", (found) => outcomes(found.lostReplies.rest)],
  [
    `SMS by ${SENDS_IN_A_ROW} sends to one number, from as many addresses`,
    ({ limits }) => `${limits.fromMany}`,
  ],
  [`SMS by ${SENDS_IN_A_ROW} sends to one number, from one address`, ({ limits }) => `${limits.fromOne}`],
  [
    `that limit holds when each request to the store takes ${seconds(SLOW_MS)}`,
    ({ limits: { passesWhenSlow } }) =>
      passesWhenSlow === null ? "no limit" : passesWhenSlow ? "no" : "yes",
  ],
  smsQuestion("never answers", "neverAnswers"),
  smsQuestion(`answers after ${seconds(LATE_MS)}`, "answersLate"),
  smsQuestion("breaks the connection off", "breaksOff"),
  smsQuestion("answers 500", "answers500"),
  ...downQuestion("breaks connections off", "breaksOff"),
  ...downQuestion("never answers", "neverAnswers"),
  ...downQuestion("answers 500", "answers500"),
  ["a copy of Redis shows the code in clear", ({ dump }) => `${dump.codes} of ${PEOPLE}`],
  ["it shows the phone number in clear", ({ dump }) => `${dump.phones} of ${PEOPLE}`],
  ["keys in it that never expire", ({ dump }) => `${dump.keysWithoutTtl}`],
];

function smsQuestion(fault: string, key: keyof Correctness["sms"]): Question {
  return [
    `SNS takes the SMS and ${fault}: SMS by one send, and what its caller sees`,
    ({ sms }) => `${sms[key].sms}, ${seen(sms[key].answer)}`,
  ];
}

function downQuestion(fault: string, key: keyof Correctness["storeDown"]): readonly Question[] {
  return [
    [
      `the store ${fault}: SMS by one send, and what its caller sees`,
      ({ storeDown }) => `${storeDown[key].sms}, ${seen(storeDown[key].send)}`,
    ],
    [
      `the store ${fault}: what a caller with the right code sees`,
      ({ storeDown }) => seen(storeDown[key].verify),
    ],
  ];
}

/** The status, the word for programs or for people, and the time. */
function seen(asked: { readonly answer: TimedAnswer } | null): string {
  if (asked === null) return `nothing in ${seconds(PATIENCE_MS)}`;
  const { status, body, ms } = asked.answer;
  const said = status === 0 ? "a broken connection" : [status, wordOf(body)].filter(Boolean).join(" ");
  return `${said} after ${seconds(ms)}`;
}

interface Body {
  readonly data?: { readonly delivery?: string };
  readonly error?: string | { readonly code?: string };
  readonly message?: string;
}

function wordOf(body: unknown): string | undefined {
  const { data, error, message } = (body ?? {}) as Body;
  return data?.delivery ?? (typeof error === "string" ? error : error?.code) ?? message;
}

function outcomes(found: readonly Outcome[]): string {
  const kinds = [...new Set(found)];
  return kinds
    .map((kind) => `${found.filter((one) => one === kind).length} of ${found.length} ${kind}`)
    .join(", ");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
