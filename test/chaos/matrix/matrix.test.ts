import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judgeCell } from "./judge-cell.ts";
import { runMatrix } from "./run-matrix.ts";
import type { Cell } from "./cell.ts";
import { send } from "./actions/send.ts";
import { snsFaults } from "./sns-faults.ts";
import { storeFaults } from "./store-faults.ts";

it("forty cells of the matrix of faults keep what is promised", async () => {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-matrix-"));
  const module = process.env["EDGE_OTP_TEST_BUNDLE"] ?? "";
  const options = { module, directory, seed: 1, isEmbedded: true, soakSeconds: 0 };
  try {
    expect((await runMatrix(options, 40)).failures).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 60_000);

const answer = { status: 200, code: null, data: { delivery: "accepted" }, error: {}, ms: 10, violations: [] };
const left = { kinds: new Map(), withoutTtl: [] };
const common = {
  action: send,
  mode: "once",
  answer,
  isDone: true,
  met: 1,
  sms: 1,
  left,
  broken: [],
} as const;

function cellOf(upstream: "store" | "sns", name: string, found: Partial<Cell> = {}): Cell {
  const fault = [...storeFaults, ...snsFaults].find((one) => one.upstream === upstream && one.name === name);
  if (fault === undefined) throw new Error(`no fault ${name}`);
  return { ...common, fault, wayIn: "same code", ...found };
}

it.each([
  ["nothing", cellOf("store", "drops the reply"), []],
  ["a second SMS", cellOf("store", "drops the reply", { sms: 2 }), ["2 SMS for 200", "2 SMS"]],
  [
    "a success while the store is down",
    cellOf("store", "drops the reply", { mode: "lasting" }),
    ["answered 200"],
  ],
  ["a fault that nobody met", cellOf("store", "drops the reply", { met: 0 }), ["the fault met nothing"]],
  [
    "an answer that takes long",
    cellOf("store", "is slow", { answer: { ...answer, ms: 9000 } }),
    ["it took 9000 ms"],
  ],
  [
    "somebody who stays outside",
    cellOf("store", "is slow", { wayIn: null }),
    ["the person does not get in afterwards"],
  ],
  [
    "a key that stays for ever",
    cellOf("store", "is slow", { left: { ...left, withoutTtl: ["otp:x"] } }),
    ["otp:x has no TTL"],
  ],
  ["an SMS that SNS has not taken", cellOf("sns", "throttles", { sms: 0 }), ["0 SMS instead of 1"]],
  ["two SMS where SNS took the first", cellOf("sns", "takes it and says 500 InternalError", { sms: 2 }), []],
])("a cell is judged: %s", (_, cell, failures) => {
  expect(judgeCell(cell)).toEqual(failures);
});
