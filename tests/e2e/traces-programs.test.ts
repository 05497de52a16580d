import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Programs that ask each other, and programs that ask SQL.

type Step = {
  span: string;
  parent: string | null;
  service: string;
  name: string;
  error: string | null;
  attributes: Readonly<Record<string, unknown>>;
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await stage.succeed([
    ...['up', 'brain', 'sql', 'telemetry', 'traces', '--bases', 'local', '--yes'],
    ...['--without', 'realtime-ingress', '--without', 'realtime-egress'],
  ]);
}, 900_000);
afterAll(() => stage?.close());

/** The spans of a trace, as soon as the wanted ones are among them. */
async function stepsOf(trace: readonly string[], wanted: readonly string[]): Promise<readonly Step[]> {
  return await until({
    what: `${wanted.join(', ')} in a trace`,
    limitMilliseconds: 60_000,
    ask: async () => {
      const { stdout, exitCode } = await stage.arc(['trace', ...trace, '--json']);
      if (exitCode !== 0) throw new Error(stdout);
      const { steps } = resultOf<{ steps: readonly Step[] }>(stdout);
      const names = steps.map(({ name }) => name);
      if (!wanted.every((name) => names.includes(name))) throw new Error(names.join(', '));
      return steps;
    },
  });
}

function named(steps: readonly Step[], name: string): Step {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${steps.map((step) => step.name)}`);
  return found;
}

describe('a question', () => {
  it('is a trace of its stages, in the brain and in the embedder that it asks', async () => {
    const trace = randomBytes(16).toString('hex');
    const caller = randomBytes(8).toString('hex');
    const answer = await fetch('http://127.0.0.1:8003/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${trace}-${caller}-01` },
      body: JSON.stringify({
        model: 'arc-brain',
        // By its words alone it means nothing.
        messages: [{ role: 'user', content: 'Is anybody talking anywhere at the moment?' }],
      }),
    });
    expect(answer.status).toBe(200);
    const steps = await stepsOf([trace], ['brain.answer', 'brain.intent', 'speech.embed']);
    const whole = named(steps, 'brain.answer');
    const intent = named(steps, 'brain.intent');
    expect(whole).toMatchObject({ service: 'arc-brain', parent: caller, error: null });
    expect(intent.parent).toBe(whole.span);
    expect(named(steps, 'speech.embed')).toMatchObject({ service: 'arc-speech', parent: intent.span });
    expect(intent.attributes).toHaveProperty(['arc.intent']);
    expect(whole.attributes).toHaveProperty(['arc.intent']);
  });

  it('costs no span, as the programs that were asked count', async () => {
    for (const port of [8003, 8001]) {
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(page).toMatch(/^arc_spans_sent_total [1-9]/m);
      expect(page.match(/^arc_spans_lost_total.*/gm)?.every((line) => line.endsWith(' 0'))).toBe(true);
    }
  });
});

describe('a backup', () => {
  it('is a trace with each query, of which database it was, and no value', async () => {
    const backup = await until({
      what: 'the trace of the first backup',
      limitMilliseconds: 120_000,
      ask: async () => {
        const { stdout } = await stage.succeed(['trace', '--list', '--service', 'arc-sql-backup', '--json']);
        const { traces } = resultOf<{ traces: readonly { trace: string; name: string }[] }>(stdout);
        return traces.find(({ name }) => name === 'backup')?.trace;
      },
    });
    const steps = await stepsOf([backup], ['backup', 'SELECT pg_database', 'SELECT pg_class']);
    const queries = steps.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
    expect(queries.length).toBeGreaterThan(5);
    for (const { service, attributes, parent } of queries) {
      expect(service).toBe('arc-sql-backup');
      expect(parent).not.toBeNull();
      expect(attributes).toMatchObject({ 'server.address': 'arc-sql', 'server.port': 5432 });
      expect(String(attributes['db.query.text'])).not.toContain("'");
    }
  });
});
