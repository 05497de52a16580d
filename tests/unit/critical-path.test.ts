import { describe, expect, it } from 'vitest';
import { criticalPath } from '../bench/critical-path.ts';

describe('the critical path of a boot', () => {
  const steps = [
    { id: 'start cache', after: [] },
    { id: 'await cache', after: ['start cache'] },
    { id: 'start sql', after: [] },
    { id: 'start realtime', after: ['await cache'] },
  ];

  it('is the longest chain of what waits for each other', () => {
    const took = new Map([
      ['start cache', 1],
      ['await cache', 2],
      ['start sql', 3.5],
      ['start realtime', 1],
    ]);
    expect(criticalPath({ steps, took })).toBe(4);
  });

  it('takes what was not done to take no time', () => {
    expect(criticalPath({ steps, took: new Map([['start sql', 3]]) })).toBe(3);
    expect(criticalPath({ steps: [], took: new Map() })).toBe(0);
  });

  it('knows every step that one waits for', () => {
    expect(() => criticalPath({ steps: [{ id: 'a', after: ['b'] }], took: new Map() })).toThrow(
      'no step b is in the plan',
    );
  });
});
