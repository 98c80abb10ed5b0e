import { beforeAll, describe, expect, it } from "vitest";
import { audit, AXE } from "../harness/axe.ts";
import { freshPhone, wrongGuess } from "../harness/service.ts";
import { openStage } from "../harness/stage.ts";
import { visit, type Visit } from "../harness/visit.ts";

const stage = openStage({ guessesPerChallenge: 2 });

interface Look {
  readonly state: string;
  readonly scrollWidth: number;
  readonly moving: number;
  readonly controls: readonly {
    readonly name: string;
    readonly left: number;
    readonly right: number;
    readonly height: number;
  }[];
  readonly minded: readonly (readonly string[])[];
}

/** The input for the code is a box wider than its field, which clips it. */
const MEASURE = `({
  scrollWidth: document.documentElement.scrollWidth,
  moving: document.getAnimations().length,
  controls: [...document.querySelectorAll("button, input:not(#code), select")]
    .map((control) => ({ name: control.outerHTML, box: control.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0)
    .map(({ name, box: { left, right, height } }) => ({ name, left, right, height })),
})`;

/** Brings the page into each of its states in turn. */
async function walk(person: Visit, look: (state: string) => Promise<void>): Promise<void> {
  const phone = freshPhone();
  const { page } = person;
  const reads = (words: string) => page.getByRole("alert").getByText(words).waitFor();
  await page.route("**/messages", (route) => route.fulfill({ json: [] }));
  await page.reload();
  await page.getByText("No messages yet").waitFor();
  await look("an inbox with nothing in it");
  await person.ask("12");
  await reads("This is not a valid phone number.");
  await look("a number that is not one");
  await person.askAndWait(phone);
  await person.button("Use this code").waitFor();
  await look("waiting for the code");
  await page.keyboard.type(wrongGuess(person.codeFor(phone), 1));
  await reads("One try is left.");
  await look("a wrong code");
  await page.keyboard.type(wrongGuess(person.codeFor(phone), 2));
  await person.button(/^Text me a new code/).waitFor();
  await look("no tries left");
  await page.locator("#filter").fill(`${phone}0`);
  await page.getByText("No messages to this number").waitFor();
  await look("an inbox with nothing to this number");
  await person.button("Change number").click();
  await person.pickRole("Transporter");
  await person.askAndWait(phone);
  await page.keyboard.type(person.codeFor(phone));
  await person.button("Who am I?").click();
  await page.getByText("The service knows you as").waitFor();
  await look("signed in");
}

describe.each([360, 800, 1280])("the page at %i px, in each of its states", (width) => {
  const looks: Look[] = [];
  beforeAll(async () => {
    const viewport = { width, height: 740 };
    const person = await visit(stage.browser, stage.stack, { viewport, initScript: AXE });
    await walk(person, async (state) => {
      const measured = (await person.page.evaluate(MEASURE)) as Omit<Look, "state" | "minded">;
      looks.push({ state, ...measured, minded: await audit(person.page) });
    });
    await person.leave();
    expect(looks).toHaveLength(7);
  });

  it("does not scroll sideways", () => {
    for (const { state, scrollWidth } of looks) expect([state, scrollWidth]).toEqual([state, width]);
  });

  it("has no control that is cut off or too small to hit", () => {
    const wrong = looks.flatMap(({ state, controls }) =>
      controls
        .filter(({ left, right, height }) => left < 0 || right > width || height < 24)
        .map((control) => [state, control]),
    );
    expect(wrong).toEqual([]);
    for (const { controls } of looks) expect(controls).not.toEqual([]);
  });

  it("has nothing that an accessibility audit minds, in light and in dark", () => {
    const minded = looks.flatMap(({ state, minded: found }) => found.map((one) => [state, ...one]));
    expect(minded).toEqual([]);
  });

  it("moves nothing for those who want no motion", () => {
    for (const { state, moving } of looks) expect([state, moving]).toEqual([state, 0]);
  });
});
