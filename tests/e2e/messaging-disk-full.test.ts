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
  const disk = { volume: 'arc-messaging-data', container: 'arc-messaging', size: '24m' };
  at = await openWebhookStage({ disk, services: ['messaging', 'webhooks', 'watcher'] });
}, 400_000);
afterAll(() => at?.close());

const shell = (script: string) => at.stage.succeed(['exec', 'messaging', 'sh', '-c', script]);
const fill = () => shell('cat /dev/zero > /data/fill 2>/dev/null; :');
const empty = () => shell(': > /data/fill');
const health = () => at.stage.arc(['health']);
const failuresIn = (output: string): readonly string[] => output.match(/^✗.*$/gm) ?? [];
const post = async (events: readonly Sent[]): Promise<void> => {
  for (const event of events) expect(await at.post(event)).toMatchObject({ status: 200 });
};
const untilWhole = (sent: readonly Sent[]) =>
  until({
    what: 'all events on NATS',
    limitMilliseconds: 120_000,
    ask: async () => {
      const faults = faultsOf({ sent, kept: await at.stream('agent-events') });
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join(', '));
      return true;
    },
  });

describe('NATS with a full disk', () => {
  it('takes what comes again once there is room, loses nothing, and is the one failure that health names', async () => {
    const before = eventsOf({ rooms: 2, each: 5 });
    await post(before);
    await untilWhole(before);
    await fill();
    const meanwhile = eventsOf({ rooms: 4, each: 10 });
    await post(meanwhile);
    const { output } = await until({
      what: 'a health check that says it',
      ask: async () => {
        const ran = await health();
        return /^!.*webhooks deliveries .*wait for NATS, which does not answer/m.test(ran.output)
          ? ran
          : undefined;
      },
    });
    expect(failuresIn(output)).toEqual([
      expect.stringMatching(
        /messaging streams .*agent-\w+ cannot write.*: no space left on device; make room/,
      ),
    ]);

    await empty();
    await untilWhole([...before, ...meanwhile]);
    await until({ what: 'a healthy stack', ask: async () => (await health()).exitCode === 0 });
  });

  it('that is killed meanwhile still has what it had, and goes on by itself', async () => {
    const before = eventsOf({ rooms: 2, each: 5 });
    await post(before);
    await untilWhole(before);
    await fill();
    const meanwhile = eventsOf({ rooms: 2, each: 10 });
    await post(meanwhile);
    const messaging = at.stage.engine.docker.getContainer('arc-messaging');
    await messaging.kill({ signal: 'SIGKILL' });
    await messaging.start();
    await until({ what: 'NATS', ask: async () => (await at.stream('agent-events')).length > 0 });
    expect(faultsOf({ sent: before, kept: await at.stream('agent-events') })).toEqual([]);
    await empty();
    await untilWhole([...before, ...meanwhile]);
    await until({ what: 'a healthy stack', ask: async () => (await health()).exitCode === 0 });
  });
});
