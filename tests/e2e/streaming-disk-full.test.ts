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

let at: WebhookStage;
beforeAll(async () => {
  const disk = { volume: 'arc-streaming-data', container: 'arc-streaming', size: '256m' };
  at = await openWebhookStage({ disk, services: ['messaging', 'streaming', 'webhooks', 'bridge'] });
}, 900_000);
afterAll(() => at?.close());

const shell = (script: string) => at.stage.succeed(['exec', 'streaming', 'sh', '-c', script]);
const health = () => at.stage.arc(['health']);
const post = async (events: readonly Sent[]): Promise<void> => {
  for (const event of events) expect(await at.post(event)).toMatchObject({ status: 200 });
};
const untilWhole = (sent: readonly Sent[]) =>
  until({
    what: 'all events on Pulsar',
    limitMilliseconds: 240_000,
    ask: async () => {
      const topic = 'arc/events/livekit-webhooks-partition-0';
      const kept = (await readTopic(topic)).map(({ properties }) => ({ id: properties['ce-id'] ?? '' }));
      const faults = faultsOf({ sent, kept, message: 'livekit-webhook' });
      if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 3).join(', ')}`);
      return true;
    },
  });

/**
 * What health says once it says all of this: meanwhile the Engine may be starting the broker again.
 *
 * @param first done before each question
 */
const untilHealthSays = (wanted: readonly RegExp[], first: () => Promise<void>) =>
  until({
    what: 'a health check that says it',
    limitMilliseconds: 120_000,
    ask: async () => {
      await first();
      const { output } = await health();
      if (!wanted.every((one) => one.test(output))) throw new Error(output);
      return output;
    },
  });

/** 2 % are left: the bookie itself stops taking messages. */
const nearly =
  'set -- $(/bin/busybox df -P -k /pulsar/data | /bin/busybox tail -n 1); ' +
  '/bin/busybox dd if=/dev/zero of=/pulsar/data/fill bs=1024 count=$(($4 - $2 / 50)) 2>/dev/null';

/** Nothing is left, sooner than the bookie looks: it fails in the middle of a message, and ends. */
const wholly = 'cat /dev/zero > /pulsar/data/fill 2>/dev/null; :';

const isNamed = /^✗ +arc-streaming .*its disk is full; make room on the disk of the Engine/m;

describe.each([
  ['nearly full', nearly],
  ['full to the last byte', wholly],
])('Pulsar with a disk that is %s', (_, fill) => {
  it('is named by health alone, webhooks are taken, and all of it arrives by itself once there is room', async () => {
    const before = eventsOf({ rooms: 2, each: 5 });
    await post(before);
    await untilWhole(before);
    await shell(fill);
    // Until it has looked at its disk, the bookie takes messages.
    const meanwhile: Sent[] = [];
    const isWaiting = /^!.*wait for Pulsar, which (does not answer|cannot be reached|is not well)/m;
    const output = await untilHealthSays([isNamed, isWaiting], async () => {
      const more = eventsOf({ rooms: 2, each: 5 });
      await post(more);
      meanwhile.push(...more);
    });
    for (const line of output.match(/^✗.*$/gm) ?? []) expect(line).toMatch(/^✗ +(arc-)?streaming /);
    await until({
      what: 'the container runs, so that the test can free space',
      ask: async () =>
        (await at.stage.arc(['exec', 'streaming', 'sh', '-c', ': > /pulsar/data/fill'])).exitCode === 0,
    });
    await untilWhole([...before, ...meanwhile]);
    await until({
      what: 'a healthy stack',
      limitMilliseconds: 120_000,
      ask: async () => (await health()).exitCode === 0,
    });
  });
});
