import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validEventsOf } from '../support/events-schema.ts';
import { readTopic } from '../support/pulsar-reader.ts';
import { until } from '../support/until.ts';
import { eventsOf, openWebhookStage, type Sent, type WebhookStage } from '../support/webhook-stage.ts';

// From LiveKit's webhook over NATS to its event on Pulsar, as Jaeger has it.

type Step = {
  span: string;
  parent: string | null;
  service: string;
  name: string;
  error: string | null;
  attributes: Readonly<Record<string, unknown>>;
};

let at: WebhookStage;
beforeAll(async () => {
  at = await openWebhookStage({
    services: ['messaging', 'streaming', 'webhooks', 'bridge', 'telemetry', 'traces'],
  });
}, 600_000);
afterAll(() => at?.stage.close());

const container = (name: string) => at.stage.engine.docker.getContainer(name);

/** Sends an event. @returns its message on Pulsar */
async function eventOnPulsar(sent: Sent) {
  expect(await at.post(sent)).toMatchObject({ status: 200 });
  return await until({
    what: 'the event on Pulsar',
    limitMilliseconds: 180_000,
    ask: async () =>
      (await readTopic('arc/events/livekit-webhooks-partition-0')).find(
        ({ properties }) => properties['ce-id'] === `${sent.id}.livekit-webhook`,
      ),
  });
}

async function stepsOf(trace: string): Promise<readonly Step[]> {
  const { exitCode, stdout } = await at.stage.arc(['trace', trace, '--json']);
  if (exitCode !== 0) throw new Error(stdout);
  const data = validEventsOf(stdout).at(-1)?.data as { steps: readonly Step[] } | undefined;
  if (data === undefined) throw new Error(`no answer: ${stdout}`);
  return data.steps;
}

/** A figure that `webhooks` shows to Prometheus. */
async function webhooksFigure(name: string): Promise<number> {
  const page = await (await fetch('http://127.0.0.1:7900/metrics')).text();
  const line = page.split('\n').find((one) => one.startsWith(name));
  if (line === undefined) throw new Error(`webhooks exports no ${name}`);
  return Number(line.slice(name.length));
}

describe('the trace of a webhook', () => {
  it('goes over NATS and the bridge to its event on Pulsar, each span a part of the one before', async () => {
    const [sent] = eventsOf({ rooms: 1, each: 1 });
    if (sent === undefined) throw new Error('nothing to send');
    const event = await eventOnPulsar(sent);
    const trace = String((event.data.metadata as { trace_id?: unknown }).trace_id);
    const [, id, last] = event.properties.traceparent?.split('-') ?? [];
    expect(id).toBe(trace);
    const steps = await until({
      what: 'a whole trace',
      ask: async () => {
        const found = await stepsOf(trace);
        return found.length >= 4 ? found : undefined;
      },
    });
    const named = (name: string): Step => {
      const found = steps.find((step) => step.name === name);
      if (found === undefined) throw new Error(`no ${name} among ${steps.map((step) => step.name)}`);
      return found;
    };
    const received = named('POST /livekit');
    const session = named('publish agent.voice.session.started');
    const published = named('publish agent.voice.webhook.received');
    const sentOn = named('send persistent://arc/events/livekit-webhooks');
    expect(received).toMatchObject({
      ...{ service: 'arc-webhooks', parent: null, error: null },
      attributes: { 'arc.webhook.id': sent.id, 'http.route': '/livekit' },
    });
    expect([session.parent, published.parent]).toEqual([received.span, received.span]);
    expect(sentOn).toMatchObject({
      ...{ service: 'arc-bridge', parent: published.span, span: last, error: null },
      attributes: { 'messaging.system': 'pulsar', 'messaging.message.id': event.properties['ce-id'] },
    });
    const { stdout } = await at.stage.succeed(['trace', trace]);
    expect(stdout).toContain('arc-webhooks');
    expect(stdout).toContain('arc-bridge');
  });
});

describe('with the Collector stopped', () => {
  it('webhooks reach Pulsar, and their spans arrive when it is back', async () => {
    const [sent] = eventsOf({ rooms: 1, each: 1 });
    if (sent === undefined) throw new Error('nothing to send');
    await container('arc-telemetry').stop();
    let trace: string;
    try {
      const event = await eventOnPulsar(sent);
      trace = String((event.data.metadata as { trace_id?: unknown }).trace_id);
      expect(await webhooksFigure('arc_spans_waiting')).toBeGreaterThan(0);
    } finally {
      await container('arc-telemetry').start();
    }
    const steps = await until({
      what: 'the spans that waited',
      limitMilliseconds: 60_000,
      ask: async () => {
        const found = await stepsOf(trace).catch(() => []);
        return found.length >= 4 ? found : undefined;
      },
    });
    expect(new Set(steps.map(({ service }) => service))).toEqual(new Set(['arc-webhooks', 'arc-bridge']));
    expect(await webhooksFigure('arc_spans_lost_total{reason="full"}')).toBe(0);
  });
});

describe('with the Collector paused', () => {
  it('webhooks are taken as fast, and the spans that found no room are counted', async () => {
    await container('arc-telemetry').pause();
    try {
      const sent = eventsOf({ rooms: 8, each: 100 });
      const began = performance.now();
      for (const event of sent) expect(await at.post(event)).toMatchObject({ status: 200 });
      const each = (performance.now() - began) / sent.length;
      expect(each, 'milliseconds for each webhook').toBeLessThan(500);
      // What was sent was lost or waits: nothing else can have become of it.
      await until({
        what: 'a count of all spans',
        limitMilliseconds: 60_000,
        ask: async () => {
          const lost = await webhooksFigure('arc_spans_lost_total{reason="full"}');
          const waiting = await webhooksFigure('arc_spans_waiting');
          return lost > 0 && lost + waiting === 3 * sent.length;
        },
      });
    } finally {
      await container('arc-telemetry').unpause();
    }
  });
});
