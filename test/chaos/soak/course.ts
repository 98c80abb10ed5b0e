import type { Random } from "../../../src/local/load/random.ts";
import { nextAddress, nextPhone } from "../../bench/caller.ts";
import type { Inbox } from "../load/inbox.ts";
import type { Answer, HeldCode, Service } from "../load/service.ts";
import type { Tally } from "../load/tally.ts";

/** What somebody does on his way in, and after. */
export interface Course {
  readonly isResent: boolean;
  readonly isWrongFirst: boolean;
  readonly hasChallenge: boolean;
  /** Two type the code at once. */
  readonly isRaced: boolean;
  readonly isRefreshed: boolean;
  readonly isSignedOut: boolean;
}

export function drawCourse(random: Random): Course {
  const oneIn = (many: number): boolean => random.below(many) === 0;
  return {
    isResent: oneIn(5),
    isWrongFirst: oneIn(5),
    hasChallenge: !oneIn(4),
    isRaced: oneIn(10),
    isRefreshed: oneIn(2),
    isSignedOut: oneIn(5),
  };
}

export interface SoakScene {
  readonly service: Service;
  readonly inbox: Inbox;
  /** Each request by what it was for. */
  readonly asked: Tally;
  /** By how many callers each code let in. */
  readonly wins: Tally;
  readonly failures: Tally;
}

/** Signs somebody in, and checks that each answer is the one that the course has in its place. */
export async function runCourse(scene: SoakScene, course: Course): Promise<void> {
  const phone = nextPhone();
  try {
    await signIn(scene, course, { phone, address: nextAddress() });
  } finally {
    scene.inbox.forget(phone);
  }
}

interface Person {
  readonly phone: string;
  readonly address: string;
}

async function signIn(scene: SoakScene, course: Course, person: Person): Promise<void> {
  const { service } = scene;
  let held = await obtainCode(scene, "a code sent", { course, person });
  if (held !== null && course.isWrongFirst) {
    const wrong = { ...held, code: String((Number(held.code) + 1) % 1_000_000).padStart(6, "0") };
    expectCode(scene, "a wrong guess", { answer: await service.verify(wrong, person), code: "OTP_INVALID" });
  }
  if (course.isResent) held = await obtainCode(scene, "a code sent again", { course, person });
  if (held === null) return;
  const token = await typeCode(scene, held, { course, person });
  const again = await service.verify(held, { address: nextAddress() });
  expectCode(scene, "a used code, by somebody else", { answer: again, code: "OTP_EXPIRED" });
  if (token !== null) await useSession(scene, course, token);
}

async function obtainCode(
  scene: SoakScene,
  what: string,
  { course, person }: { readonly course: Course; readonly person: Person },
): Promise<HeldCode | null> {
  const { phone, address } = person;
  const answer = await scene.service.send(phone, { address });
  if (!expectCode(scene, what, { answer, code: "ok" })) return null;
  const code = await scene.inbox.codeFor(phone);
  if (code === null) scene.failures.add("no SMS");
  const challengeId = course.hasChallenge ? (answer.data.challengeId ?? null) : null;
  return code === null ? null : { phone, code, challengeId };
}

/** A refresh token of the one who got in; null where nobody did. */
async function typeCode(
  scene: SoakScene,
  held: HeldCode,
  { course, person: { address } }: { readonly course: Course; readonly person: Person },
): Promise<string | null> {
  const callers = Array.from({ length: course.isRaced ? 2 : 1 });
  const answers = await Promise.all(callers.map(() => scene.service.verify(held, { address })));
  const winners = answers.filter(({ status }) => status === 200);
  scene.wins.add(String(winners.length));
  if (winners.length !== 1) scene.failures.add(`a code by which ${winners.length} got in`);
  for (const answer of answers.filter(({ status }) => status !== 200))
    expectCode(scene, "a right guess that came second", { answer, code: "OTP_EXPIRED" });
  for (const answer of winners) expectCode(scene, "a right guess", { answer, code: "ok" });
  return winners[0]?.data.tokens?.refreshToken ?? null;
}

async function useSession(scene: SoakScene, course: Course, token: string): Promise<void> {
  const { service } = scene;
  let newest = token;
  if (course.isRefreshed) {
    const answer = await service.refresh(newest);
    expectCode(scene, "a refresh", { answer, code: "ok" });
    newest = answer.data.refreshToken ?? newest;
  }
  if (!course.isSignedOut) return;
  expectCode(scene, "a sign-out", { answer: await service.logout(newest), code: "ok" });
  expectCode(scene, "a refresh after it", { answer: await service.refresh(newest), code: "UNAUTHORIZED" });
}

function expectCode(
  { asked, failures }: SoakScene,
  what: string,
  { answer, code }: { readonly answer: Answer; readonly code: string },
): boolean {
  asked.add(what);
  const isExpected = answer.code === code;
  if (!isExpected) failures.add(`${what}: ${answer.status} ${answer.code}`);
  return isExpected;
}
