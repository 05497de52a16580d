import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  eventsOf,
  faultsOf,
  openWebhookStage,
  type Sent,
  type WebhookStage,
} from '../support/webhook-stage.ts';

let at: WebhookStage;
beforeAll(async () => {
  const disk = { volume: 'arc-webhooks-data', container: 'arc-webhooks', size: '64k' };
  at = await openWebhookStage({ disk, services: ['messaging', 'webhooks'] });
}, 400_000);
afterAll(() => at?.close());

describe('a disk that is full', () => {
  it('is answered with 503 and named by health; all that was taken arrives, and then more is taken', async () => {
    const messaging = at.stage.engine.docker.getContainer('arc-messaging');
    const taken: Sent[] = [];
    await messaging.stop();
    try {
      let refused: { status: number; said: string } | undefined;
      for (const event of eventsOf({ rooms: 1, each: 500 })) {
        const answer = await at.post(event);
        if (answer.status === 200) taken.push(event);
        else {
          refused = answer;
          break;
        }
      }
      expect(refused).toEqual({ status: 503, said: 'the disk is full\n' });
      expect(taken.length).toBeGreaterThan(20);
      const { output } = await at.stage.arc(['health', 'webhooks']);
      expect(output).toMatch(/webhooks deliveries .*LiveKit sends them again: the disk is full/);
    } finally {
      await messaging.start();
    }
    await until({
      what: 'all that was taken',
      ask: async () => faultsOf({ sent: taken, kept: await at.stream('agent-events') }).length === 0,
    });
    const more = eventsOf({ rooms: 1, each: 5 });
    for (const event of more) await at.deliver(event);
    await until({
      what: 'more events',
      ask: async () => faultsOf({ sent: more, kept: await at.stream('agent-events') }).length === 0,
    });
    expect((await at.stage.arc(['health', 'webhooks'])).exitCode).toBe(0);
  });
});
