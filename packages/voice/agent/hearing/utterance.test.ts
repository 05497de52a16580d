import { describe, expect, it } from 'vitest';
import { followUtterance, type Happening } from './utterance.ts';

/** What happens, by the window in which it does. */
function follow(probabilities: readonly number[], silenceToEnd = () => 256): readonly [number, Happening][] {
  const next = followUtterance({ speculateMs: 64, silenceToEnd });
  return probabilities.flatMap((probability, index) => {
    const happening = next(probability);
    return happening === undefined ? [] : [[index, happening] as [number, Happening]];
  });
}

const voice = (windows: number) => new Array<number>(windows).fill(0.9);
const silence = (windows: number) => new Array<number>(windows).fill(0.1);

describe('an utterance', () => {
  it('begins with the second window of a voice, so that a click begins none', () => {
    expect(follow([0.9, 0.1, 0.9, 0.1])).toEqual([]);
    expect(follow([0.1, 0.9, 0.9])).toEqual([[2, { kind: 'begin' }]]);
  });

  it('pauses after 64 ms of silence and ends after as much as what was said asks for', () => {
    expect(follow([...voice(4), ...silence(8)])).toEqual([
      [1, { kind: 'begin' }],
      [5, { kind: 'pause', cut: 1 }],
      [11, { kind: 'end', cut: 1 }],
    ]);
    // What is known may change while nobody speaks: here the text arrives in the tenth window.
    let window = 0;
    const silenceToEnd = () => (window++ < 7 ? 1200 : 256);
    expect(follow([...voice(4), ...silence(12)], silenceToEnd).at(-1)).toEqual([13, { kind: 'end', cut: 1 }]);
  });

  it('goes on where somebody speaks again before it ends', () => {
    expect(
      follow([...voice(4), ...silence(5), ...voice(2), ...silence(8)]).map(([, happening]) => happening),
    ).toEqual([
      { kind: 'begin' },
      { kind: 'pause', cut: 1 },
      { kind: 'resume' },
      { kind: 'pause', cut: 2 },
      { kind: 'end', cut: 2 },
    ]);
  });

  it('does not pause for a window that is only a little quiet', () => {
    expect(follow([...voice(3), 0.4, 0.4, 0.4, 0.4, ...voice(2)])).toEqual([[1, { kind: 'begin' }]]);
  });

  it('can begin again after it has ended', () => {
    const kinds = follow([...voice(2), ...silence(8), ...voice(2)]).map(([, { kind }]) => kind);
    expect(kinds).toEqual(['begin', 'pause', 'end', 'begin']);
  });
});
