import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTopic } from '../support/pulsar-reader.ts';
import { until } from '../support/until.ts';
import {
  eventsOf,
  faultsOf,
  openWebhookStage,
  type Sent,
  type WebhookStage,
} from '../support/webhook-stage.ts';

const topic = 'arc/events/livekit-webhooks-partition-0';

let at: WebhookStage;
beforeAll(async () => {
  at = await openWebhookStage({ services: ['messaging', 'streaming', 'webhooks', 'bridge'] });
}, 600_000);
afterAll(() => at?.close());

const container = (name: string) => at.stage.engine.docker.getContainer(name);
const health = () => at.stage.arc(['health']);
const post = async (events: readonly Sent[]): Promise<void> => {
  for (const event of events) expect(await at.post(event)).toMatchObject({ status: 200 });
};
/** Waits until Pulsar has all of what was sent, each once and in the order of its room. */
const untilWhole = (sent: readonly Sent[]) =>
  until({
    what: 'all events on Pulsar',
    limitMilliseconds: 180_000,
    ask: async () => {
      const kept = (await readTopic(topic)).map(({ properties }) => ({ id: properties['ce-id'] ?? '' }));
      const faults = faultsOf({ sent, kept, message: 'livekit-webhook' });
      if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 3).join(', ')}`);
      return true;
    },
  });

describe('a webhook', () => {
  it('is an event on Pulsar, under its room, in the trace that it began', async () => {
    const [sent] = eventsOf({ rooms: 1, each: 1 });
    if (sent === undefined) throw new Error('nothing to send');
    await post([sent]);
    await untilWhole([sent]);
    const found = (await readTopic(topic)).find(
      ({ properties }) => properties['ce-id'] === `${sent.id}.livekit-webhook`,
    );
    const session = (await at.stream('agent-events')).find(
      ({ id }) => id === `${sent.id}.voice-session-started`,
    );
    expect(found?.key).toBe(sent.room);
    expect(found?.data).toMatchObject({ metadata: { webhook_id: sent.id, trace_id: session?.trace } });
    expect(found?.properties.traceparent?.slice(3, 35)).toBe(session?.trace);
    expect(found?.properties).toMatchObject({
      'ce-type': 'arc.agent.livekit-webhook.v1',
      'ce-source': '/arc/webhooks',
      'arc-stream': 'agent-outbox',
    });
  });
});

describe('the bridge', () => {
  it('says every 30 s that it is there, as the contract has it', async () => {
    expect(await at.heartbeat('arc-bridge')).toMatchObject({
      status: 'healthy',
      metrics: { delivered: expect.any(Number), waiting: 0, dead_letters: 0 },
    });
  });

  it('that is killed in the middle loses, repeats and overtakes nothing', async () => {
    const sent = eventsOf({ rooms: 5, each: 30 });
    const sending = post(sent);
    for (let kill = 0; kill < 3; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await container('arc-bridge').kill({ signal: 'SIGKILL' });
      await container('arc-bridge').start();
    }
    await sending;
    await untilWhole(sent);
  });

  it('that is paused is the one failure that health names, and all of it arrives by itself', async () => {
    const sent = eventsOf({ rooms: 3, each: 10 });
    await container('arc-bridge').pause();
    try {
      await post(sent);
      const { exitCode, output } = await health();
      expect(exitCode).toBe(1);
      const failures = output.match(/^✗.*$/gm) ?? [];
      expect(failures.length).toBeGreaterThan(0);
      for (const line of failures) expect(line).toMatch(/^✗ +(arc-)?bridge /);
    } finally {
      await container('arc-bridge').unpause();
    }
    await untilWhole(sent);
  });

  it('puts aside what breaks its contract, says so, and goes on', async () => {
    const sent = eventsOf({ rooms: 1, each: 2 });
    await at.publish('agent.voice.webhook.received', { schema: 'livekit-webhook-v1', secret: 'of somebody' });
    await post(sent);
    await untilWhole(sent);
    const dead = await until({
      what: 'a dead letter',
      ask: async () => (await at.stream('agent-dead')).at(-1),
    });
    expect(dead.subject).toBe('agent.dead.agent.voice.webhook.received');
    expect(dead.data).toEqual({ schema: 'livekit-webhook-v1', secret: 'of somebody' });
    // Nobody gave the message an id, so its place stands for one.
    expect(dead.key).toMatch(/^dead-bridge-agent-outbox-\d+$/);
    const { exitCode, output } = await health();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/bridge deliveries .*1 went to dead letters, the last of livekit-webhook/);
    expect(output).not.toContain('of somebody');
  });
});

describe.each([
  ['stopped', 'cannot be reached'],
  ['paused', 'does not answer'],
] as const)('with Pulsar %s', (how, said) => {
  it('webhooks are taken, health names Pulsar alone, and all of it arrives by itself', async () => {
    const sent = eventsOf({ rooms: 4, each: 10 });
    const streaming = container('arc-streaming');
    await (how === 'stopped' ? streaming.stop() : streaming.pause());
    try {
      await post(sent);
      const output = await until({
        what: 'a health check that says it',
        ask: async () => {
          const ran = await health();
          expect(ran.exitCode).toBe(1);
          return ran.output.includes(`wait for Pulsar, which ${said}`) ? ran.output : undefined;
        },
      });
      for (const line of output.match(/^✗.*$/gm) ?? []) expect(line).toMatch(/streaming/);
    } finally {
      await (how === 'stopped' ? streaming.start() : streaming.unpause());
    }
    await untilWhole(sent);
    await until({
      what: 'a healthy bridge',
      ask: async () => /✓ +bridge deliveries|! +bridge deliveries/.test((await health()).output),
    });
  });
});

describe('with NATS killed while messages are on their way', () => {
  it('nothing is lost, repeated or overtaken', async () => {
    const sent = eventsOf({ rooms: 4, each: 20 });
    const sending = post(sent);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await container('arc-messaging').kill({ signal: 'SIGKILL' });
    await sending;
    await container('arc-messaging').start();
    await untilWhole(sent);
  });
});
