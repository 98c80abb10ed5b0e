import { createHash } from "node:crypto";
import type { Prepared } from "./action.ts";
import type { Cell, Encounter } from "./cell.ts";
import type { WireFault } from "./fault.ts";
import { leftOf } from "./leftovers.ts";
import type { Answer, Person } from "./person.ts";
import { createPerson } from "./person.ts";
import type { Stage } from "./stage.ts";

/** A person who stands where the request can be made. */
export interface Readied {
  readonly person: Person;
  readonly prepared: Prepared;
}

export interface Place {
  /** No two cells have the same. */
  readonly index: number;
  readonly seed: number;
}

export async function makeReady(stage: Stage, { action }: Encounter, place: Place): Promise<Readied> {
  const person = await createPerson(stage, { ...place, role: action.role });
  return { person, prepared: await action.prepare(person, stage) };
}

/** Lets a fault in the exchanges of one request meet it; nobody else's requests are touched. */
export async function strikeOnWire(
  stage: Stage,
  { fault, mode }: Encounter & { readonly fault: WireFault },
  { person, prepared }: Readied,
): Promise<{ readonly answer: Answer; readonly met: number }> {
  const traceId = createHash("sha256").update(person.phone).digest("hex").slice(0, 32);
  const key = fault.upstream === "store" ? traceId : person.phone;
  const ambushes = stage.ambushes[fault.upstream];
  const ambush = ambushes.lay(key, fault.plan, mode);
  try {
    const answer = await person.ask({ ...prepared.asked, traceId });
    await ambush.settle();
    return { answer, met: ambush.met.length };
  } finally {
    ambushes.lift(key);
  }
}

/** Looks at what is left, and goes on without the fault. */
export async function finishCell(
  stage: Stage,
  encounter: Encounter,
  { person, prepared }: Readied,
  struck: { readonly answer: Answer; readonly met: number | null; readonly smsBefore: number },
): Promise<Cell> {
  const { answer, met, smsBefore } = struck;
  const { fault } = encounter;
  const sms = person.texts().length - smsBefore;
  const left = await leftOf(person, stage.backend);
  const isExecuted = "plan" in fault && fault.isExecuted === true;
  const { wayIn, broken } = await prepared.afterwards({ answer, sms, isExecuted, mode: encounter.mode });
  return { ...encounter, answer, met, isDone: prepared.isDone(answer), sms, left, wayIn, broken };
}
