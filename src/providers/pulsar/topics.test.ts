import { expect, test } from 'vitest';
import { type TopicStats, withOldest } from './topics.ts';

const stats = (time: number): TopicStats => ({
  storageSize: 0,
  subscriptions: {
    search: { msgBacklog: 1, unackedMessages: 0, isDurable: true, earliestMsgPublishTimeInBacklog: time },
  },
});

test('the oldest message of a topic is the oldest of those partitions that have one', () => {
  const oldest = (...times: readonly number[]) =>
    withOldest(stats(0), times.map(stats)).subscriptions.search?.earliestMsgPublishTimeInBacklog;
  expect(oldest(0, 3_000, 2_000)).toBe(2_000);
  expect(oldest(0, 0)).toBe(0);
});
