import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validEventsOf } from '../support/events-schema.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// A real Jaeger, as arc builds it, beside a real server.

const bases = ['--bases', 'local', '--yes'];
const jaeger = 'arc-traces';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 400_000);
afterAll(() => stage?.close());

type Trace = { id: string; spans: number; lost: number; because?: string };
type Step = { span: string; parent: string | null; name: string; error: string | null; attributes: object };

/** The answer of a command with `--json`. */
async function answerOf<Data>(...args: readonly string[]): Promise<Data> {
  const { stdout } = await stage.succeed([...args, '--json']);
  return validEventsOf(stdout).at(-1)?.data as Data;
}

const boot = async (...args: readonly string[]) =>
  await answerOf<{ healthy: boolean; trace: Trace | null }>('up', ...args, ...bases);

/** Recreates the cache, so that there is something to do. */
const again = () => answerOf<{ healthy: boolean; trace: Trace | null }>('restart', 'cache', ...bases);

const container = () => stage.engine.docker.getContainer(jaeger);

describe('a boot', () => {
  it('is a trace whose steps are spans with their causes', async () => {
    const { trace } = await boot('cache', 'traces');
    expect(trace).toMatchObject({ lost: 0 });
    const found = await answerOf<{ traces: unknown[]; steps: Step[] }>('trace', trace?.id ?? '');
    expect(found.traces).toMatchObject([{ name: 'arc up', spans: trace?.spans, failed: 0 }]);
    const [root, ...steps] = found.steps;
    expect(root).toMatchObject({ parent: null, attributes: { 'arc.selection': 'cache traces' } });
    expect(steps).toContainEqual(
      expect.objectContaining({
        ...{ name: 'create container cache', parent: root?.span, error: null },
        attributes: expect.objectContaining({ 'arc.cause': 'no existing container', 'arc.role': 'cache' }),
      }),
    );
    for (const step of steps) expect(step.parent, step.name).not.toBeNull();
  });

  it('that changes nothing is none', async () => {
    expect((await boot('cache', 'traces')).trace).toBeNull();
  });

  it('is sent to what runs beside the containers that were named', async () => {
    const { trace } = await again();
    expect(trace).toMatchObject({ lost: 0 });
    const { stdout } = await stage.succeed(['trace', '--last', 'boot']);
    expect(stdout).toContain('arc restart');
    expect(stdout).toContain(trace?.id);
  });

  it('that fails is a trace as well, with the reason', async () => {
    stage.workspace.edit(
      'services/cache/service.yaml',
      'entrypoint: [redis-server]',
      'entrypoint: [redis-sever]',
    );
    const { exitCode } = await stage.arc(['up', 'cache', ...bases]);
    stage.workspace.edit(
      'services/cache/service.yaml',
      'entrypoint: [redis-sever]',
      'entrypoint: [redis-server]',
    );
    expect(exitCode).toBe(1);
    const { stdout } = await stage.succeed(['trace', '--last', 'boot']);
    expect(stdout).toMatch(/arc up, .* failed/);
    expect(stdout).toMatch(/✗ start container cache: .*redis-sever/s);
    await boot('cache');
  });
});

describe('arc trace', () => {
  it('lists traces within 80 columns, the newest first, without those of health checks', async () => {
    await stage.succeed(['health', 'traces']);
    const { traces } = await answerOf<{ traces: { name: string; began: string; service: string }[] }>(
      ...['trace', '--list'],
    );
    const began = traces.map((trace) => trace.began);
    expect(began.length).toBeGreaterThan(2);
    expect(began).toEqual(began.toSorted().toReversed());
    expect(traces.map(({ service }) => service)).not.toContain('arc-health');
    expect(await answerOf('trace', '--list', '--service', 'arc-health', '--since', '10m')).toMatchObject({
      traces: [{ name: 'check' }],
    });
  });

  it('writes a picture and a page', async () => {
    await stage.succeed(['trace', '--last', 'boot', '--svg', 'boot.svg', '--html', 'boot.html']);
    expect(readFileSync(stage.workspace.path('boot.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(readFileSync(stage.workspace.path('boot.html'), 'utf8')).toContain('arc.cause');
  });

  it.each([
    [['abc'], 2, 'bad-trace-id'],
    [['f'.repeat(32)], 1, 'trace-not-found'],
    [['--last', 'nobody'], 1, 'trace-not-found'],
    [['--list', '--last', 'boot'], 2, 'usage'],
    [['--list', '--svg', 'all.svg'], 2, 'usage'],
    [['--last', 'boot', '--svg', 'no/such/folder.svg'], 1, 'cannot-write'],
  ])('%j ends with status %d and says why', async (args, status, code) => {
    const { exitCode, stderr } = await stage.arc(['trace', ...args]);
    expect(exitCode).toBe(status);
    expect(stderr).toContain(`error[${code}]`);
    expect(existsSync(stage.workspace.path('all.svg'))).toBe(false);
  });
});

describe('arc top', () => {
  it('prints one table without a terminal, of what was named', async () => {
    const { stdout } = await stage.succeed(['top', 'cache', '--interval', '500ms']);
    expect(stdout).toMatch(/^CONTAINER +CPU +MEMORY /);
    expect(stdout).toMatch(/^arc-cache +\d+\.\d% +[\d.]+ MB /m);
    expect(stdout).not.toContain('arc-traces');
  });

  it('has the same as data, with the bound of each container', async () => {
    const { containers } = await answerOf<{ containers: { usage: { memoryBytes: number } }[] }>(
      ...['top', '--once', '--interval', '500ms'],
    );
    expect(containers).toMatchObject([
      { role: 'cache', memoryLimit: 256 * 2 ** 20, doing: {} },
      { role: 'traces', memoryLimit: 512 * 2 ** 20, doing: {} },
    ]);
    for (const { usage } of containers) expect(usage.memoryBytes).toBeGreaterThan(1_000_000);
  });

  it('refuses a name that nothing has', async () => {
    const { exitCode, stderr } = await stage.arc(['top', 'cahce', '--once']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[unknown-name]');
  });
});

describe('with a collector in front', () => {
  it('a boot is sent to it and found, and a check goes the same way', async () => {
    await boot('telemetry');
    const { trace } = await again();
    expect(trace).toMatchObject({ lost: 0 });
    await until({
      what: 'a trace that came through the collector',
      ask: async () => (await stage.arc(['trace', trace?.id ?? ''])).exitCode === 0,
    });
    const { stdout } = await stage.succeed(['health', 'traces', 'telemetry']);
    expect(stdout).toMatch(/✓ {2}traces collected .*span sent to telemetry and found/);
    expect(stdout).toMatch(/✓ {2}telemetry spans .*takes spans/);
  });

  it('what it took while traces was away is found once that is back, without anybody', async () => {
    await container().pause();
    const { trace } = await again();
    await container().unpause();
    expect(trace).toMatchObject({ lost: 0 });
    await until({
      what: 'a trace that the collector kept',
      ask: async () => (await stage.arc(['trace', trace?.id ?? ''])).exitCode === 0,
    });
  });

  it('that is killed, boots go on, and the spans are counted as lost', async () => {
    const collector = stage.engine.docker.getContainer('arc-telemetry');
    await collector.kill();
    const { healthy, trace } = await again();
    expect(healthy).toBe(true);
    expect(trace).toMatchObject({ lost: trace?.spans, because: expect.stringMatching(/^telemetry: /) });
    await stage.succeed(['down', 'telemetry', '--yes']);
    expect((await again()).trace).toMatchObject({ lost: 0 });
  });
});

describe('boots go on, and lost spans are counted, with traces', () => {
  it('paused', async () => {
    await container().pause();
    try {
      const { healthy, trace } = await again();
      expect(healthy).toBe(true);
      expect(trace).toMatchObject({ lost: trace?.spans, because: 'no answer from traces within 0.5 s' });
      const { exitCode, stdout } = await stage.arc(['health', 'traces', '--timeout', '2s']);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('no answer within 2 s');
    } finally {
      await container().unpause();
    }
    expect((await again()).trace).toMatchObject({ lost: 0 });
  });

  it('killed: what it had is there again, without anybody', async () => {
    const { trace } = await again();
    const kept = trace?.id ?? '';
    await until({
      what: 'a written trace',
      ask: async () => (await stage.arc(['trace', kept])).exitCode === 0,
    });
    await container().kill();
    const { healthy, trace: next } = await again();
    expect(healthy).toBe(true);
    // The Engine starts nothing again that was killed through it.
    expect(next).toMatchObject({
      lost: next?.spans,
      because: expect.stringMatching(/^traces: arc-traces has no address/),
    });
    await boot('traces');
    await stage.succeed(['trace', kept]);
  });

  it('away: there is nothing to send to, and arc trace says so', async () => {
    await stage.succeed(['down', 'traces', '--yes']);
    expect(await again()).toMatchObject({ healthy: true, trace: null });
    const { exitCode, stderr } = await stage.arc(['trace', '--list']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[no-traces]');
  });
});
