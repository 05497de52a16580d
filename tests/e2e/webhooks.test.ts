import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinRoom } from '../support/rooms.ts';
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
  at = await openWebhookStage({ services: ['realtime', 'messaging', 'webhooks'] });
}, 400_000);
afterAll(() => at?.close());

const container = (name: string) => at.stage.engine.docker.getContainer(name);
const health = () => at.stage.arc(['health']);
/** Waits until NATS has all of what was sent, in order and once. */
const untilWhole = (sent: readonly Sent[]) =>
  until({
    what: 'all events on NATS',
    ask: async () => {
      const faults = faultsOf({ sent, kept: await at.stream('agent-events') });
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join(', '));
      return true;
    },
  });

describe('a person who joins and leaves', () => {
  it('is a session on NATS, in one trace with the webhook itself', async () => {
    const guest = await joinRoom({ room: 'hall', identity: 'ada', environment: at.stage.environment });
    const started = await until({
      what: 'a session',
      ask: async () =>
        (await at.stream('agent-events')).find(
          ({ subject, data }) => subject === 'agent.voice.session.started' && data.user_id === 'ada',
        ),
    });
    expect(started.data).toMatchObject({ room_name: 'hall', trace_id: started.trace });
    await guest.leave();
    const ended = await until({
      what: 'the end of the session',
      ask: async () =>
        (await at.stream('agent-events')).find(
          ({ subject, data }) => subject === 'agent.voice.session.ended' && data.user_id === 'ada',
        ),
    });
    expect(ended.data).toMatchObject({ session_id: started.data.session_id, reason: 'user_left' });
  });
});

describe('somebody who does not know the secret', () => {
  it('is refused, and health says so', async () => {
    const answer = await fetch('http://127.0.0.1:7900/livekit', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    const { exitCode, output } = await health();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/1 requests had no valid signature/);
  });
});

describe('the receiver', () => {
  it('that is killed in the middle loses nothing that it took, and keeps the order', async () => {
    const sent = eventsOf({ rooms: 5, each: 20 });
    // A room's events one after the other, as LiveKit sends them.
    const rooms = Map.groupBy(sent, ({ room }) => room);
    const sending = Promise.all(
      [...rooms.values()].map(async (events) => {
        for (const event of events) await at.deliver(event);
      }),
    );
    for (let kill = 0; kill < 3; kill += 1) {
      await until({
        what: 'some webhooks',
        ask: async () => (await at.stream('agent-events')).length > kill * 10,
      });
      await container('arc-webhooks').kill({ signal: 'SIGKILL' });
      await container('arc-webhooks').start();
    }
    await sending;
    await untilWhole(sent);
  });
});

describe('with NATS away', () => {
  it('rooms go on, webhooks are taken, health names NATS alone, and all of it arrives by itself', async () => {
    const sent = eventsOf({ rooms: 4, each: 10 });
    const messaging = container('arc-messaging');
    await messaging.stop();
    try {
      for (const event of sent) expect(await at.post(event)).toMatchObject({ status: 200 });
      const guest = await joinRoom({ room: 'yard', identity: 'eve', environment: at.stage.environment });
      await guest.leave();
      const { exitCode, output } = await health();
      expect(exitCode).toBe(1);
      expect(output.match(/^✗.*$/gm)).toEqual([expect.stringMatching(/arc-messaging .*exited/)]);
      expect(output).toMatch(/webhooks deliveries .*wait for NATS, which cannot be reached/);
    } finally {
      await messaging.start();
    }
    await untilWhole(sent);
    await until({ what: 'a healthy stack', ask: async () => (await health()).exitCode === 0 });
  });

  it('is killed itself, and still has everything when it comes back before NATS', async () => {
    const sent = eventsOf({ rooms: 2, each: 5 });
    const messaging = container('arc-messaging');
    await messaging.stop();
    try {
      for (const event of sent) expect(await at.post(event)).toMatchObject({ status: 200 });
      await container('arc-webhooks').kill({ signal: 'SIGKILL' });
      await container('arc-webhooks').start();
      await until({
        what: 'a receiver',
        ask: async () => (await at.post(eventsOf({ rooms: 1, each: 1 })[0] as Sent)).status === 200,
      });
    } finally {
      await messaging.start();
    }
    await untilWhole(sent);
  });
});

describe('with NATS paused', () => {
  it('nothing is lost, repeated or overtaken', async () => {
    const sent = eventsOf({ rooms: 4, each: 10 });
    const messaging = container('arc-messaging');
    await messaging.pause();
    try {
      for (const event of sent) expect(await at.post(event)).toMatchObject({ status: 200 });
    } finally {
      await messaging.unpause();
    }
    await untilWhole(sent);
  });
});
