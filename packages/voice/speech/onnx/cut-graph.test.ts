import { describe, expect, it } from 'vitest';
import { cutGraph } from './cut-graph.ts';
import { bytesField, wireFields } from './wire.ts';

const text = (number: number, value: string) => bytesField(number, Buffer.from(value));
const node = (name: string, inputs: readonly string[], output: string) =>
  bytesField(1, Buffer.concat([...inputs.map((input) => text(1, input)), text(2, output), text(3, name)]));
const named = (number: number, key: number, name: string) => bytesField(number, text(key, name));

/** x → a → (cut) → b → y, and c, which nobody needs. */
const graph = Buffer.concat([
  node('a', ['x', 'weights-a'], 'middle'),
  node('c', ['x'], 'unused'),
  node('b', ['middle', 'weights-b'], 'y'),
  text(2, 'main'),
  named(5, 8, 'weights-a'),
  named(5, 8, 'weights-b'),
  named(11, 1, 'x'),
  named(12, 1, 'y'),
]);
const bytes = Buffer.concat([text(2, 'pytorch'), bytesField(7, graph)]);

/** Names of nodes, weights, inputs and outputs of a model. */
function contents(model: Uint8Array) {
  const body = [...wireFields({ bytes: model, from: 0, to: model.length })].find(
    ({ number }) => number === 7,
  );
  const fields = body === undefined ? [] : [...wireFields({ bytes: model, from: body.from, to: body.end })];
  const names = (number: number, key: number) =>
    fields
      .filter((field) => field.number === number)
      .map(({ from, end }) => {
        const part = [...wireFields({ bytes: model, from, to: end })].find((each) => each.number === key);
        return part === undefined ? '' : Buffer.from(model.subarray(part.from, part.end)).toString();
      });
  return { nodes: names(1, 3), weights: names(5, 8), inputs: names(11, 1), outputs: names(12, 1) };
}

describe('a model that is cut', () => {
  const { first, second, between } = cutGraph({ bytes, before: 'b' });

  it('is cut at the first input of the node', () => expect(between).toBe('middle'));

  it('has all up to the cut in its first part', () => {
    expect(contents(first)).toEqual({
      nodes: ['a'],
      weights: ['weights-a'],
      inputs: ['x'],
      outputs: ['middle'],
    });
  });

  it('has all behind the cut in its second part', () => {
    expect(contents(second)).toEqual({
      nodes: ['b'],
      weights: ['weights-b'],
      inputs: ['middle'],
      outputs: ['y'],
    });
  });

  it('says which node it does not have', () => {
    expect(() => cutGraph({ bytes, before: 'z' })).toThrow('The model has no node z.');
  });

  it.each([
    ['nothing', Buffer.of(), 'The model has no graph.'],
    ['a text', Buffer.from('not a model at all'), /of the model/],
    ['half of itself', bytes.subarray(0, bytes.length - 5), /is longer than the model/],
  ])('is none where the file is %s', (_, broken, message) => {
    expect(() => cutGraph({ bytes: broken, before: 'b' })).toThrow(message);
  });
});
