/** What a step has shown to be broken. */
export class BrokenPromise extends Error {
  /** Each with the name of its reference before it. */
  readonly wrong: readonly string[];
  /** How many steps of its history it took. */
  steps = 0;

  constructor(step: string, wrong: readonly string[]) {
    super(`${step}\n    ${wrong.join("\n    ")}`);
    this.name = "BrokenPromise";
    this.wrong = wrong;
  }
}
