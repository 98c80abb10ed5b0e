import type { History, SendAct, VerifyAct } from "./step.ts";
import { NO_FAULTS } from "./system/flight.ts";

const send: SendAct = {
  kind: "send",
  phone: 0,
  role: "customer",
  caller: 0,
  key: null,
  proof: false,
  faults: NO_FAULTS,
};

const verify: VerifyAct = {
  kind: "verify",
  phone: 0,
  role: "customer",
  caller: 0,
  hold: { kind: "own", back: 0 },
  typed: "right",
  key: null,
  faults: NO_FAULTS,
};

const repeat = { kind: "repeat", caller: 0, faults: NO_FAULTS } as const;
const wait = (seconds: number) => ({ kind: "wait", seconds }) as const;

/** Shortest histories that once broke a promise, by what the service did. */
export const FOUND: Readonly<Record<string, History>> = {
  "forgot a run of a key that an earlier run, which had failed, took with it when its time was over": {
    policy: "as it comes",
    steps: [
      { ...send, key: 0, faults: { store: ["refused"], sms: [] } },
      wait(150),
      repeat,
      wait(150),
      repeat,
    ],
  },
  "forgot an SMS that stood in the log as refused beside one that came late, so that an hour had one too many":
    {
      policy: "as it comes",
      steps: [
        { ...send, key: 0, faults: { store: ["lost", "late"], sms: [] } },
        repeat,
        wait(150),
        repeat,
        ...Array.from({ length: 4 }, () => [send, wait(61)]).flat(),
      ],
    },
  "kept what it knows of a person in a session that a refused guess had opened behind another": {
    policy: "as it comes",
    steps: [
      send,
      verify,
      {
        kind: "together",
        acts: [
          { ...verify, key: 0 },
          { ...verify, key: 0 },
        ],
        order: [1],
      },
    ],
  },
  "took a place of the day for a guess at a code that was replaced meanwhile": {
    policy: "as it comes",
    steps: [
      send,
      wait(183),
      {
        kind: "together",
        acts: [{ ...verify, caller: 1, hold: { kind: "none" }, typed: 1 }, send],
        order: [0, 0, 1, 1, 0],
      },
    ],
  },
  "refused the right guess of whoever asked, and used up his code, when others took the day's last place meanwhile":
    {
      policy: "small days",
      steps: [
        { ...send, role: "transporter" },
        wait(61),
        send,
        {
          kind: "together",
          acts: [
            { ...verify, hold: { kind: "none" } },
            { ...verify, caller: 1, hold: { kind: "none" }, typed: 1 },
            { ...verify, role: "transporter", caller: 1, hold: { kind: "none" }, typed: 1 },
            { ...send, role: "transporter" },
          ],
          order: [2, 0],
        },
      ],
    },
  "sent for a key whose run had died one SMS more than a day has": {
    policy: "small days",
    steps: [
      send,
      wait(60),
      send,
      wait(60),
      { ...send, key: 0, faults: { store: [], sms: ["dies"] } },
      wait(60),
      repeat,
    ],
  },
  "counted a repeat whose refund was lost as one more SMS": {
    policy: "as it comes",
    steps: [{ ...send, key: 0 }, wait(31), { ...repeat, faults: { store: ["pass", "lost"], sms: [] } }, send],
  },
  "let a send that was refused and died count for another once what had refused it was a day old": {
    policy: "small days",
    steps: [
      send,
      wait(1),
      { ...send, faults: { store: ["pass", "dies"], sms: [] } },
      wait(29),
      send,
      { ...send, role: "driver" },
      wait(61),
      { ...send, role: "driver" },
      wait(61),
    ],
  },
  "forgot a send, and its pause, for guesses that had come too late for the day's last place": {
    policy: "small days",
    steps: [
      send,
      wait(61),
      { ...send, role: "transporter" },
      {
        kind: "together",
        acts: [
          { ...verify, role: "transporter", hold: { kind: "none" }, typed: 1 },
          { ...verify, role: "transporter", caller: 1, hold: { kind: "none" }, typed: 1 },
          { ...verify, caller: 1, hold: { kind: "none" }, typed: 1 },
          send,
        ],
        order: [],
      },
      verify,
      { ...send, proof: true },
    ],
  },
};
