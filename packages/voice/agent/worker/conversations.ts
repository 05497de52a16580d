/** A job that was accepted and whose process does not start for so long went to another worker. */
const assignedWithin = 15_000;

/** The conversations that a worker holds. */
export type Conversations = {
  count: (now: number) => number;
  /** Whether one is in a room, or on its way there. */
  isIn: (room: string, now: number) => boolean;
  accepted: (job: string, room: string, now: number) => void;
  started: (job: string) => void;
  ended: (job: string) => void;
};

/** Counts conversations from the promise to hold one, because its process starts a second later. */
export function conversations(): Conversations {
  const held = new Map<string, { room: string; until: number }>();
  const current = (now: number) => [...held.values()].filter(({ until }) => now < until);
  return {
    count: (now) => current(now).length,
    isIn: (room, now) => current(now).some((one) => one.room === room),
    accepted: (job, room, now) => void held.set(job, { room, until: now + assignedWithin }),
    started: (job) => {
      const one = held.get(job);
      if (one !== undefined) one.until = Number.POSITIVE_INFINITY;
    },
    ended: (job) => void held.delete(job),
  };
}
