import type { Facts, RecordingFact } from './facts.ts';

/** A stack in which things happen. */
export function world(changes: Partial<Facts> = {}): Facts & { recorded: string[] } {
  const recorded: string[] = [];
  const running: RecordingFact[] = [];
  return {
    recorded,
    rooms: async () => [{ name: 'demo', people: ['ada', 'bob'] }],
    recordings: async () => running,
    startRecording: async (room) => {
      recorded.push(room);
      const fact = { id: 'EG_1', room, startedAt: undefined };
      running.push(fact);
      return fact;
    },
    stopRecording: async () => {
      running.length = 0;
    },
    streams: async () => [{ name: 'camera', live: true }],
    services: async () => ({
      all: [
        { name: 'realtime', healthy: true },
        { name: 'cache', healthy: true },
      ],
      gap: undefined,
    }),
    recall: async () => [],
    search: async () => ({ kind: 'nothing' }),
    now: () => new Date('2026-11-30T14:05:00Z'),
    ...changes,
  };
}
