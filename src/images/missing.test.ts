import { describe, expect, it } from 'vitest';
import { failWithout, problemsOf } from './missing.ts';

const problem = {
  code: 'base-unavailable',
  message: 'arc could not get the base image of one and two, base:1.',
};
const other = { code: 'base-unavailable', message: 'arc could not get the base image of three, base:2.' };
const missing = [
  { role: 'one', reference: 'one:latest', problem },
  { role: 'two', reference: 'two:latest', problem },
  { role: 'three', reference: 'three:latest', problem: other },
];

describe('images that cannot be had', () => {
  it('share the words of the base that they share', () => {
    expect(problemsOf(missing)).toEqual([problem, other]);
  });

  it('fail a command', () => {
    expect(() => failWithout(missing)).toThrow(problem.message);
  });
});

it('nothing fails where every image is there', () => {
  expect(() => failWithout([])).not.toThrow();
});
