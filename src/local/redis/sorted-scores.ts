export interface Scored {
  readonly member: string;
  readonly score: number;
}

const byScoreThenBytes = (a: Scored, b: Scored): number =>
  a.score === b.score ? Buffer.compare(Buffer.from(a.member), Buffer.from(b.member)) : a.score - b.score;

/** Members in Redis's order: by score, then by the bytes of the member. Sorted when read, not when written. */
export class SortedScores {
  readonly #scores = new Map<string, number>();
  #ordered: readonly Scored[] | null = null;

  get size(): number {
    return this.#scores.size;
  }

  get(member: string): number | null {
    return this.#scores.get(member) ?? null;
  }

  set(member: string, score: number): void {
    // Adding zero makes -0 plain 0, as Redis's compact encoding does.
    this.#scores.set(member, score + 0);
    this.#ordered = null;
  }

  clone(): SortedScores {
    const clone = new SortedScores();
    for (const [member, score] of this.#scores) clone.set(member, score);
    return clone;
  }

  delete(member: string): boolean {
    this.#ordered = null;
    return this.#scores.delete(member);
  }

  ordered(): readonly Scored[] {
    this.#ordered ??= Array.from(this.#scores, ([member, score]) => ({ member, score })).sort(
      byScoreThenBytes,
    );
    return this.#ordered;
  }
}
