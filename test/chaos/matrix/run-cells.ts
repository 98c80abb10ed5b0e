import type { Cell, Encounter } from "./cell.ts";
import { nameOf } from "./cell.ts";
import type { DoorFault, MatrixFault, WireFault } from "./fault.ts";
import type { Place, Readied } from "./run-cell.ts";
import { finishCell, makeReady, strikeOnWire } from "./run-cell.ts";
import type { Stage } from "./stage.ts";

/** People at a time. */
const CONCURRENCY = 20;

export interface Ran {
  readonly cells: readonly Cell[];
  /** Cells that came to no end. */
  readonly failures: readonly string[];
}

type WireEncounter = Encounter & { readonly fault: WireFault };
type DoorEncounter = Encounter & { readonly fault: DoorFault };

const isOnWire = (encounter: Encounter): encounter is WireEncounter => "plan" in encounter.fault;
const isAtDoor = (encounter: Encounter): encounter is DoorEncounter => "door" in encounter.fault;

/** Runs all of them, those on the wire in this order and some at a time. */
export async function runCells(stage: Stage, encounters: readonly Encounter[], seed: number): Promise<Ran> {
  let people = 0;
  const nextPlace = (): Place => ({ index: people++, seed });
  const cells: Cell[] = [];
  const failures: string[] = [];
  await inParallel(encounters.filter(isOnWire), async (encounter) => {
    try {
      const readied = await makeReady(stage, encounter, nextPlace());
      const smsBefore = readied.person.texts().length;
      const struck = await strikeOnWire(stage, encounter, readied);
      cells.push(await finishCell(stage, encounter, readied, { ...struck, smsBefore }));
    } catch (error) {
      failures.push(`${nameOf(encounter)}: ${String(error)}`);
    }
  });
  for (const group of groupsOf(encounters.filter(isAtDoor))) {
    cells.push(...(await runAtDoor(stage, group, nextPlace)));
  }
  return { cells, failures };
}

/** Everybody stands ready, the door leads elsewhere, everybody asks, the door is open again. */
async function runAtDoor(
  stage: Stage,
  group: readonly DoorEncounter[],
  nextPlace: () => Place,
): Promise<readonly Cell[]> {
  const [first] = group;
  if (first === undefined) return [];
  const { fault, mode } = first;
  const door = stage.doors[fault.upstream];
  const readied = await Promise.all(group.map((encounter) => makeReady(stage, encounter, nextPlace())));
  const smsBefore = readied.map(({ person }) => person.texts().length);
  await door.set(fault.door, mode);
  const answers = await Promise.all(readied.map(({ person, prepared }) => person.ask(prepared.asked)));
  await door.set("open", "lasting");
  return Promise.all(
    group.map((encounter, index) => {
      const [mine, answer] = [readied[index] as Readied, answers[index]];
      if (answer === undefined) throw new Error("nobody asked");
      return finishCell(stage, encounter, mine, { answer, met: null, smsBefore: smsBefore[index] ?? 0 });
    }),
  );
}

/** A fault of one connection meets one request; one of all connections, all requests at once. */
function groupsOf(encounters: readonly DoorEncounter[]): readonly (readonly DoorEncounter[])[] {
  const groups = new Map<MatrixFault, DoorEncounter[]>();
  for (const encounter of encounters.filter(({ mode }) => mode === "lasting")) {
    groups.set(encounter.fault, [...(groups.get(encounter.fault) ?? []), encounter]);
  }
  const single = encounters.filter(({ mode }) => mode === "once").map((encounter) => [encounter]);
  return [...groups.values(), ...single];
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
