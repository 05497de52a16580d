import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { partNames } from '../bench/bounds.ts';
import { quickenHealthChecks } from '../bench/compose-files.ts';
import { natsRows } from '../bench/contracts-nats.ts';
import { pulsarRows } from '../bench/contracts-pulsar.ts';
import { goFigure } from '../bench/go-benchmark.ts';
import { memoryOf } from '../bench/health.ts';
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

describe('the Go client on Pulsar', () => {
  const printed = `goos: linux
cpu: AMD EPYC
BenchmarkPulsar/with-2         \t  200000\t      8123.5 ns/op
PASS
`;

  it('is timed by what Go’s benchmark prints', () => {
    expect(goFigure(printed, 'ns/op')).toBe(8123.5);
  });

  it('may print further figures, of which the latency is one', () => {
    const paced = 'BenchmarkNATS/paced-2  100000  100012 ns/op  1.25 p99-ms\n';
    expect(goFigure(paced, 'p99-ms')).toBe(1.25);
    expect(goFigure(paced, 'ns/op')).toBe(100_012);
  });

  it('has no figure where the benchmark was skipped', () => {
    expect(() => goFigure('PASS\n', 'ns/op')).toThrow('the Go benchmark printed no ns/op: PASS');
  });

  it('misses its bound with less than 0.9 of the messages a second', () => {
    const seconds = { with: 1.2, without: 1, ready: 0.6 };
    const rows = pulsarRows((way) => timing(way, [seconds[way]]));
    expect(rows).toMatchObject([
      { kind: 'ratio', ratio: 1.2, verdict: 'OVER' },
      { kind: 'beside', ratio: 2 },
    ]);
    expect(pulsarRows((way) => timing(way, [{ ...seconds, with: 1.1 }[way]]))).toMatchObject([
      { verdict: 'ok' },
      {},
    ]);
  });
});

describe('NATS with 1,000 subscribers', () => {
  const rows = (withRights: number, p99: number) =>
    natsRows({
      with: timing('with', [withRights]),
      without: timing('without', [1]),
      p99: timing('p99', [p99]),
    });

  it('misses a bound with less than 0.9 of the messages a second, and one with 10 ms of latency', () => {
    expect(rows(1.1, 0.009)).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }]);
    expect(rows(1.2, 0.011)).toMatchObject([{ verdict: 'OVER' }, { verdict: 'OVER' }]);
  });
});

describe('memory of a stack', () => {
  const top = (...usages: (number | null)[]) =>
    `${JSON.stringify({ type: 'started' })}\n${JSON.stringify({
      data: {
        containers: usages.map((memoryBytes, index) => ({
          name: `arc-${index}`,
          usage: memoryBytes === null ? null : { memoryBytes },
        })),
      },
    })}\n`;

  it('is that of all its containers, and not known if the Engine does not say it of one', () => {
    expect(memoryOf(top(100, 20))).toBe(120);
    expect(() => memoryOf(top(100, null))).toThrow('the Engine does not say what arc-1 uses');
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
