import { describe, expect, it } from 'vitest';
import { type Backlog, judgeBacklogs } from './backlog.ts';

const backlog = (given: Partial<Backlog>): Backlog => ({
  ...{ topic: 'arc/events/conversation', subscription: 'analytics', messages: 0, age: 0, consumers: 0 },
  unacknowledged: 0,
  ...given,
});

describe('what waits in subscriptions', () => {
  it('is nothing', () => {
    expect(judgeBacklogs({ backlogs: [backlog({})], hours: 24 })).toEqual({
      ok: true,
      came: 'nothing waits in 1 subscription',
    });
  });

  it('is told by the one whose message is oldest', () => {
    const backlogs = [
      backlog({ messages: 900, age: 5 }),
      backlog({ subscription: 'search', messages: 1, age: 7_300 }),
    ];
    expect(judgeBacklogs({ backlogs, hours: 24 })).toEqual({
      ok: true,
      came: 'the oldest of 1 message in search of arc/events/conversation waits for 2h; 2 subscriptions',
    });
  });

  it('is a warning where it is too old', () => {
    const backlogs = [backlog({ messages: 3, age: 90_000 })];
    expect(judgeBacklogs({ backlogs, hours: 24 })).toEqual({
      ok: true,
      warns: true,
      came: 'the oldest of 3 messages in analytics of arc/events/conversation waits for 1d, longer than 24 h',
    });
  });
});
