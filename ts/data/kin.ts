import type { Candidate, Likeness } from './likeness';
import type { PlanSource } from './plan-source';

/** The first row of a group, and how near others are to it (docs/step.md, section 14). */
export class Kin {
  constructor(
    private readonly first: Candidate,
    private readonly source: Pick<PlanSource, 'classOf'>,
    private readonly likeness: Pick<Likeness, 'between'>,
  ) {}

  /** The nearest candidate, the first of equal ones; one of the class of the first row where all are. */
  nearest<T extends Candidate>(candidates: readonly T[]): T {
    let best = candidates[0]!;
    let highest = Number.NEGATIVE_INFINITY;
    for (const candidate of candidates) {
      if (this.#isOfItsClass(candidate.image)) continue;
      const value = this.likeness.between(this.first, candidate);
      if (value > highest) [best, highest] = [candidate, value];
    }
    return best;
  }

  #isOfItsClass(image: number): boolean {
    const { classOf } = this.source;
    const own = classOf[this.first.image]!;
    return image === this.first.image || (own !== -1 && classOf[image] === own);
  }
}
