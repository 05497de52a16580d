import { nearest } from '../../core/nearest.ts';
import { either } from '../words.ts';

/** Words what may have been meant by an unknown name. */
export type DidYouMean = (name: string, candidates: () => Iterable<string>) => { suggestion?: string };

/** Names that are compared with all candidates in one run: enough for people, and a bound for hostile input. */
const maximumComparisons = 100;

/** The nearest candidate, or all of them where they are few. */
export function createDidYouMean(): DidYouMean {
  let comparisons = 0;
  return (name, candidates) => {
    comparisons += 1;
    if (comparisons > maximumComparisons) return {};
    const known = [...candidates()];
    const meant = nearest(name, known);
    if (meant !== undefined) return { suggestion: `did you mean "${meant}"?` };
    return known.length === 0 || known.length > 12 ? {} : { suggestion: `use one of ${either(known)}` };
  };
}
