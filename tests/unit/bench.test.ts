import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { partNames } from '../bench/bounds.ts';
import { quickenHealthChecks } from '../bench/compose-files.ts';
import { race, timing } from '../bench/measure.ts';
import { readOptions } from '../bench/options.ts';
import { printPart } from '../bench/print.ts';
import { type Row, ratioRow, secondsRow, streamsRow } from '../bench/report.ts';
import { repository } from '../support/run-arc.ts';

const silent = { progress: () => {}, signal: new AbortController().signal };

describe('a race', () => {
  it('takes contenders in turn, each with all its steps, and does not count the first round', async () => {
    const order: string[] = [];
    const contender = (name: string) => ({
      name,
      turn: async (lap: (step: string, work: () => Promise<unknown>) => Promise<void>) => {
        for (const step of ['up', 'again', 'down'])
          await lap(step, async () => void order.push(`${name} ${step}`));
      },
    });
    const result = await race({ ...silent, rounds: 2, contenders: [contender('arc'), contender('compose')] });
    const turns = ['arc up', 'arc again', 'arc down', 'compose up', 'compose again', 'compose down'];
    expect(order).toEqual([...turns, ...turns, ...turns]);
    expect(result('compose', 'again').seconds).toHaveLength(2);
  });

  it('has no result for a step that nobody timed', async () => {
    const result = await race({ ...silent, rounds: 1, contenders: [{ name: 'arc', turn: async () => {} }] });
    expect(() => result('arc', 'up')).toThrow('the step "up" of arc was not measured');
  });

  it('ends between two turns when it is interrupted', async () => {
    const interruption = new AbortController();
    const turns: string[] = [];
    const contender = (name: string) => ({
      name,
      turn: async () => {
        turns.push(name);
        interruption.abort(new Error('interrupted'));
      },
    });
    const contenders = [contender('arc'), contender('compose')];
    const racing = race({ ...silent, signal: interruption.signal, rounds: 1, contenders });
    await expect(racing).rejects.toThrow('interrupted');
    expect(turns).toEqual(['arc']);
  });
});

describe('health checks of the generated compose files', () => {
  const file = readFileSync(join(repository, 'services', 'realtime', 'docker-compose.yml'), 'utf8');
  const checks = (text: string) =>
    Object.values((load(text) as { services: Record<string, { healthcheck: object }> }).services).map(
      ({ healthcheck }) => healthcheck,
    );

  it.each(['1.44', '1.56'])('look every 250 ms also while the start period lasts, with API %s', (api) => {
    for (const check of checks(quickenHealthChecks(file, api)))
      expect(check).toMatchObject({ interval: '250ms', start_interval: '250ms', start_period: '30s' });
  });

  it('have no start_interval for an Engine that refuses it', () => {
    for (const check of checks(quickenHealthChecks(file, '1.43'))) {
      expect(check).toMatchObject({ interval: '250ms' });
      expect(check).not.toHaveProperty('start_interval');
    }
  });
});

describe('a report', () => {
  const of = timing('arc', [1.25, 1, 1.5]);
  const to = timing('compose', [2]);

  it('says of each row whether it holds its bound, and under which load it was measured', () => {
    const rows: readonly Row[] = [
      ratioRow({ figure: 'up ÷ compose', of, to, bound: 0.6 }),
      secondsRow({ figure: 'a release', timing: of, bound: 2 }),
    ];
    expect(printPart({ name: 'x', title: 'a part', load: 3.25, rounds: 3, rows })).toBe(
      `a part  (load 3.3, 3 rounds)
  OVER up ÷ compose                                 0.63  (at most 0.6)  arc 1.25 s [1.00–1.50], compose 2.00 s
  ok   a release                                    1.25 s [1.00–1.50]  (at most 2 s)
`,
    );
  });

  it('marks a worker that cannot take one whole stream', () => {
    const rows: readonly Row[] = [
      streamsRow({ figure: 'egress 1280x720', bound: 1, streams: 0, end: '1 lost 4' }),
    ];
    expect(printPart({ name: 'x', title: 'workers', load: 1, rounds: 1, rows })).toContain(
      'OVER  egress 1280x720  0 (1 lost 4)',
    );
  });

  it('says why a part has no rows', () => {
    const part = { name: 'x', title: 'a part', load: 1, rounds: 1, rows: [], notMeasured: 'needs root' };
    expect(printPart(part)).toBe('a part\n  not measured: needs root\n');
  });
});

describe('options of the bench', () => {
  it('are every part and five rounds where nothing is said', () => {
    expect(readOptions({ words: [], environment: {} })).toEqual({
      parts: partNames,
      rounds: 5,
      output: undefined,
    });
  });

  it('keep the order of the report', () => {
    const words = ['mux', '--output', 'x.json', 'start'];
    expect(readOptions({ words, environment: { ARC_BENCH_ROUNDS: '1' } })).toEqual({
      parts: ['start', 'mux'],
      rounds: 1,
      output: 'x.json',
    });
  });

  it.each(['0', '', 'three', '1.5', '-1'])('refuse %j rounds', (rounds) => {
    expect(() => readOptions({ words: [], environment: { ARC_BENCH_ROUNDS: rounds } })).toThrow(
      'must be a number from 1 to 999',
    );
  });

  it('refuse a part that there is not', () => {
    expect(() => readOptions({ words: ['muxx'], environment: {} })).toThrow('there is no part muxx');
  });
});
