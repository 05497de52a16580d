import { describe, expect, it } from 'vitest';
import { findMissingAgents, type Look, type SeenRoom } from './missing-agents.ts';

const room = (name: string, given: Partial<SeenRoom> = {}): SeenRoom => ({
  name,
  metadata: '',
  callers: ['ada'],
  agents: 0,
  ...given,
});

function finder() {
  const find = findMissingAgents();
  return (look: Omit<Look, 'isServed'> & { served?: string }) =>
    find({ ...look, isServed: (room) => room === look.served });
}

describe('rooms without an agent', () => {
  it('get one after a second, because LiveKit sends one itself where it can', () => {
    const find = finder();
    expect(find({ rooms: [room('a')], now: 0, free: 1 })).toEqual([]);
    expect(find({ rooms: [room('a')], now: 1_000, free: 1 })).toEqual([{ kind: 'send', room: 'a' }]);
  });

  it('get another one only when the one that was sent has not come for ten seconds', () => {
    const find = finder();
    find({ rooms: [room('a')], now: 0, free: 1 });
    find({ rooms: [room('a')], now: 1_000, free: 1 });
    expect(find({ rooms: [room('a')], now: 5_000, free: 1 })).toEqual([]);
    expect(find({ rooms: [room('a')], now: 11_000, free: 1 })).toEqual([{ kind: 'send', room: 'a' }]);
  });

  it('are left alone where nobody waits, an agent is there, or none is wanted', () => {
    const find = finder();
    const rooms = [
      room('empty', { callers: [] }),
      room('served', { agents: 1 }),
      room('arc-health-1'),
      room('quiet', { metadata: '{"arc.agent": "none"}' }),
    ];
    find({ rooms, now: 0, free: 9 });
    expect(find({ rooms, now: 60_000, free: 9 })).toEqual([]);
  });

  it('do not get a second one while the first is on its way', () => {
    const find = finder();
    find({ rooms: [room('a')], now: 0, free: 1, served: 'a' });
    expect(find({ rooms: [room('a')], now: 9_000, free: 1, served: 'a' })).toEqual([]);
  });

  it('of a check of voices get one', () => {
    const find = finder();
    const rooms = [room('arc-health-voice-1')];
    find({ rooms, now: 0, free: 1 });
    expect(find({ rooms, now: 1_000, free: 1 })).toEqual([{ kind: 'send', room: 'arc-health-voice-1' }]);
  });

  it('are told once that the worker is full, and get one when it is not', () => {
    const find = finder();
    expect(find({ rooms: [room('a')], now: 0, free: 0 })).toEqual([{ kind: 'full', room: 'a' }]);
    expect(find({ rooms: [room('a')], now: 1_000, free: 0 })).toEqual([]);
    expect(find({ rooms: [room('a')], now: 2_000, free: 0 })).toEqual([]);
    const both = [room('a', { callers: ['ada', 'bob'] })];
    expect(find({ rooms: both, now: 3_000, free: 0 })).toEqual([{ kind: 'full', room: 'a' }]);
    expect(find({ rooms: both, now: 4_000, free: 1 })).toEqual([{ kind: 'send', room: 'a' }]);
  });

  it('share what is free', () => {
    const find = finder();
    const rooms = [room('a'), room('b')];
    expect(find({ rooms, now: 0, free: 1 })).toEqual([]);
    expect(find({ rooms, now: 1_000, free: 1 })).toEqual([
      { kind: 'send', room: 'a' },
      { kind: 'full', room: 'b' },
    ]);
  });
});
