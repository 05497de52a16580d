import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';
import { openBench, runIn, startIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// The smallest Collector: one receiver and one exporter, neither of which does anything.

const core = 'go.opentelemetry.io/collector';
const collector = {
  kind: 'collector',
  version: 'v0.155.0',
  target: '/otelcol',
  receivers: [`${core}/receiver/nopreceiver@v0.155.0`],
  exporters: [`${core}/exporter/nopexporter@v0.155.0`],
  processors: [],
  extensions: [],
  connectors: [],
  providers: [],
  replace: {},
} as const satisfies FixedStep;
const wanted = (changes: Partial<{ receivers: readonly string[] }> = {}) =>
  tinyRequest({ policy: 'local', name: 'collector', recipe: [{ ...collector, ...changes }] });

const image = 'arc-test.invalid/collector:latest';
let bench: TestBench;
beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
});
afterAll(() => bench?.close());

describe("a base of OpenTelemetry's Collector", () => {
  it('is built of the components that the recipe names', async () => {
    const { missing } = await ensureImages({ ...bench.context, requests: [wanted()] });
    expect(missing).toEqual([]);
    expect(stepLines(bench.events).join('\n')).toMatch(/Sources created|compiling|linking/);
    const components = await runIn(bench.docker, image, ['/otelcol', 'components']);
    expect(components).toMatch(
      /version: 0\.155\.0[\s\S]*nopreceiver v0\.155\.0[\s\S]*nopexporter v0\.155\.0/,
    );
  });

  it('starts', async () => {
    const config = [
      'yaml:receivers::nop:',
      'yaml:exporters::nop:',
      'yaml:service::pipelines::traces: { receivers: [nop], exporters: [nop] }',
      'yaml:service::telemetry::metrics::level: none',
    ];
    const running = await startIn({
      docker: bench.docker,
      image,
      command: ['/otelcol', ...config.map((part) => `--config=${part}`)],
      until: /Everything is ready/,
    });
    await running.remove();
  });
});

it('says which component has no such version, in the words of the builder', async () => {
  const receivers = [`${core}/receiver/nopreceiver@v0.1.2`];
  const { missing } = await ensureImages({ ...bench.context, requests: [wanted({ receivers })] });
  expect(missing[0]?.problem.detail?.join('\n')).toContain('receiver/nopreceiver@v0.1.2: ');
});
