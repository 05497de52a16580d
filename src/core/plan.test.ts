import { describe, expect, test } from 'vitest';
import type { ArcError } from './errors.ts';
import { toy, toyDrivers, toysSeen } from './plan.fixture.ts';
import { makePlan, type PlanRequest } from './plan.ts';
import { printPlan, printSteps } from './print-plan.ts';

function plan(request: Partial<PlanRequest>) {
  return makePlan({ project: 'toys', wanted: [], seen: new Map(), drivers: toyDrivers(), ...request });
}

const net = toy('net/one', '1');
const cache = toy('server/cache', '1', { needs: [{ on: 'net/one', for: 'make' }] });
const web = toy('server/web', '1', {
  needs: [
    { on: 'net/one', for: 'make' },
    { on: 'server/cache', for: 'start' },
  ],
});

describe('makePlan', () => {
  test('makes what is not there, each after what it needs, whatever the order it is given in', () => {
    expect(printSteps(plan({ wanted: [web, cache, net] }))).toBe(
      `
1 create net one  (not there)
2 create server cache  after 1  (not there)
3 create server web  after 1  (not there)
4 start server cache  after 2  (not there)
5 await server cache  after 4  (not there)
6 start server web  after 3, 5  (not there)
7 await server web  after 6  (not there)
`.trim(),
    );
  });

  test('does nothing but wait where everything is as it should be', () => {
    const there = plan({
      wanted: [net, cache, web],
      seen: toysSeen({ 'net/one': '1', 'server/cache': '1', 'server/web': '1' }),
    });
    expect(printSteps(there)).toBe('1 await server cache  (kept)\n2 await server web  after 1  (kept)');
    expect(printPlan(there)).toBe('nothing to do');
  });

  test('starts beside what it needs only to be ready', () => {
    const beside = toy('server/web', '1', { needs: [{ on: 'server/cache', for: 'ready' }] });
    expect(printSteps(plan({ wanted: [toy('server/cache', '1'), beside] }))).toBe(
      `
1 create server cache  (not there)
2 create server web  (not there)
3 start server cache  after 1  (not there)
4 await server cache  after 3  (not there)
5 start server web  after 2  (not there)
6 await server web  after 4, 5  (not there)
`.trim(),
    );
  });

  test('stops dependents first, and only when every image is there', () => {
    const image = toy('image/web', '2');
    const seen = toysSeen({
      'image/web': '1',
      'server/cache': '1',
      'server/web': { state: '1', needs: [{ on: 'server/cache', for: 'start' }] },
    });
    const next = [image, toy('server/cache', '2'), { ...web, spec: '2' }];
    expect(printSteps(plan({ wanted: next, seen }))).toBe(
      `
1 create image web  (1 to 2)
2 stop server web  after 1  (1 to 2)
3 stop server cache  after 1, 2  (1 to 2)
4 remove server web  after 2  (1 to 2)
5 remove server cache  after 3  (1 to 2)
6 create server cache  after 5  (1 to 2)
7 create server web  after 4  (1 to 2)
8 start server cache  after 6  (1 to 2)
9 await server cache  after 8  (1 to 2)
10 start server web  after 7, 9  (1 to 2)
11 await server web  after 10  (1 to 2)
`.trim(),
    );
  });

  test('removes what is unwanted after what needs it, and leaves alone what nobody mentions', () => {
    const seen = toysSeen({
      'net/one': '1',
      'net/other': '1',
      'server/cache': { state: '1', needs: [{ on: 'net/one', for: 'make' }] },
    });
    expect(printSteps(plan({ seen, unwanted: ['net/one', 'server/cache'] }))).toBe(
      `
1 stop server cache  (not wanted)
2 remove server cache  after 1  (not wanted)
3 remove net one  after 2  (not wanted)
`.trim(),
    );
  });

  test('throws every refusal together', () => {
    const seen = toysSeen({ 'net/one': '1', 'net/two': '1' });
    const wanted = [toy('net/one', 'impossible'), toy('net/two', '2', { keep: ['replace'] })];
    expect(() => plan({ wanted, seen })).toThrow(
      expect.objectContaining({
        problems: [
          { code: 'impossible', message: 'one cannot be that.' },
          {
            code: 'kept',
            message: 'The net two would be replaced (1 to 2), and its manifest says `keep: replace`.',
            suggestion: 'undo the change, or remove replace from `keep` where it is declared',
          },
        ] as unknown as ArcError['problems'],
      }),
    );
  });
});

describe('makePlan, inside a server', () => {
  const item = toy('item/a', '1', { inside: 'server/cache' });

  test('shows what will be made where the server begins empty', () => {
    const wanted = [toy('server/cache', '1'), item];
    expect(printPlan(plan({ wanted }))).toBe('+ server cache  (not there)\n+ item a  (not there)');
  });

  test('does not know where the server does not run and has data', () => {
    const wanted = [toy('server/cache', 'data'), item];
    expect(printSteps(plan({ wanted }))).toBe(
      `
1 create server cache  (not there)
2 start server cache  after 1  (not there)
3 await server cache  after 2  (not there)
4 expand item a  after 3  (known once cache runs)
`.trim(),
    );
    expect(printPlan(plan({ wanted }))).toContain('? item a  (known once cache runs)');
  });

  test('compares where the server answered, also where it is replaced by the same plan', () => {
    const seen = toysSeen({ 'server/cache': '1', 'item/a': '1' });
    const request = { seen, asked: new Set(['server/cache'] as const) };
    expect(printPlan(plan({ ...request, wanted: [toy('server/cache', '1'), item] }))).toBe('nothing to do');
    const changed = [toy('server/cache', '2'), { ...item, spec: '2' }];
    expect(printPlan(plan({ ...request, wanted: changed }))).toBe(
      '~ server cache  (1 to 2)\n~ item a  (1 to 2)',
    );
  });

  test('lets others wait for what is inside', () => {
    const user = toy('server/user', '1', { needs: [{ on: 'item/a', for: 'start' }] });
    expect(printSteps(plan({ wanted: [user, item, toy('server/cache', '1')] }))).toBe(
      `
1 create server cache  (not there)
2 create server user  (not there)
3 start server cache  after 1  (not there)
4 await server cache  after 3  (not there)
5 create item a  after 4  (not there)
6 start server user  after 2, 5  (not there)
7 await server user  after 6  (not there)
`.trim(),
    );
  });
});
