import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  eventsOf,
  faultsOf,
  openWebhookStage,
  type Sent,
  type WebhookStage,
} from '../support/webhook-stage.ts';

// Whoever sends, carries or watches messages is away for a while: the others go on, and nobody has to do anything.

let at: WebhookStage;
beforeAll(async () => {
  at = await openWebhookStage({ services: ['messaging', 'webhooks', 'watcher'] });
}, 400_000);
afterAll(() => at?.close());

const container = (name: string) => at.stage.engine.docker.getContainer(name);
const health = () => at.stage.arc(['health']);
const post = async (events: readonly Sent[]): Promise<void> => {
  for (const event of events) expect(await at.post(event)).toMatchObject({ status: 200 });
};
const untilWhole = (sent: readonly Sent[]) =>
  until({
    what: 'all events on NATS',
    ask: async () => {
      const faults = faultsOf({ sent, kept: await at.stream('agent-events') });
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join(', '));
      return true;
    },
  });
const untilHealthy = () =>
  until({
    what: 'a healthy stack',
    ask: async () => {
      const ran = await health();
      if (ran.exitCode !== 0) throw new Error(ran.output);
      return true;
    },
  });
/** What health calls a failure while `name` is paused; whoever asks for it again is answered. */
async function whilePaused(name: string, run: () => Promise<void>): Promise<readonly string[]> {
  await container(name).pause();
  try {
    await run();
    const { exitCode, output } = await health();
    expect(exitCode).toBe(1);
    return output.match(/^✗.*$/gm) ?? [];
  } finally {
    await container(name).unpause();
  }
}
/** How many messages the watcher has heard on the subject of sessions. */
async function heard(): Promise<number> {
  const text = await (await fetch('http://127.0.0.1:7910/metrics')).text();
  const line = /arc_watcher_messages_total\{subject="agent\.voice\.session\.started"\} (\d+)/.exec(text);
  return Number(line?.[1] ?? 0);
}

describe('the watcher', () => {
  it('that is paused holds up nobody, is the one failure that health names, and hears on by itself', async () => {
    const sent = eventsOf({ rooms: 2, each: 5 });
    const failures = await whilePaused('arc-watcher', async () => {
      await post(sent);
      await untilWhole(sent);
    });
    expect(failures.length).toBeGreaterThan(0);
    for (const line of failures) expect(line).toMatch(/^✗ +(arc-)?watcher /);
    await untilHealthy();
    const before = await heard();
    await post(eventsOf({ rooms: 1, each: 1 }));
    await until({ what: 'a message that it hears', ask: async () => (await heard()) > before });
  });

  it('that dies is started again by the Engine, and hears on', async () => {
    const { State } = await container('arc-watcher').inspect();
    process.kill(State.Pid, 'SIGKILL');
    await until({
      what: 'a message that it hears',
      ask: async () => {
        await post(eventsOf({ rooms: 1, each: 1 }));
        return (await heard()) > 0;
      },
    });
    await untilHealthy();
  });
});

describe('the receiver of webhooks', () => {
  it('that is paused is the one failure that health names, and takes what LiveKit sends again', async () => {
    const sent = eventsOf({ rooms: 3, each: 3 });
    const rooms = Map.groupBy(sent, ({ room }) => room);
    let delivered: Promise<unknown> = Promise.resolve();
    const failures = await whilePaused('arc-webhooks', async () => {
      delivered = Promise.all(
        [...rooms.values()].map(async (events) => {
          for (const event of events) await at.deliver(event);
        }),
      );
    });
    expect(failures.length).toBeGreaterThan(0);
    for (const line of failures) expect(line).toMatch(/^✗ +(arc-)?webhooks /);
    await delivered;
    await untilWhole(sent);
    await untilHealthy();
  });

  it('that dies is started again by the Engine, and loses nothing that it took', async () => {
    const sent = eventsOf({ rooms: 2, each: 10 });
    const sending = (async () => {
      for (const event of sent) await at.deliver(event);
    })();
    const { State } = await container('arc-webhooks').inspect();
    process.kill(State.Pid, 'SIGKILL');
    await sending;
    await untilWhole(sent);
    await untilHealthy();
  });
});

describe('NATS', () => {
  it('that is paused is the one failure that health names, webhooks are taken, and all arrives by itself', async () => {
    const sent = eventsOf({ rooms: 3, each: 5 });
    const failures = await whilePaused('arc-messaging', () => post(sent));
    expect(failures.length).toBeGreaterThan(0);
    for (const line of failures) expect(line).toMatch(/^✗ +(arc-)?messaging /);
    await untilWhole(sent);
    await untilHealthy();
  });

  it('that dies is started again by the Engine, and everybody goes on', async () => {
    const sent = eventsOf({ rooms: 3, each: 10 });
    const { State } = await container('arc-messaging').inspect();
    const sending = post(sent);
    process.kill(State.Pid, 'SIGKILL');
    await sending;
    await untilWhole(sent);
    const before = await heard();
    await until({
      what: 'a message that the watcher hears',
      ask: async () => {
        await post(eventsOf({ rooms: 1, each: 1 }));
        return (await heard()) > before;
      },
    });
    await untilHealthy();
  });
});
