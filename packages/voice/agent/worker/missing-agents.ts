import { wantsAgent } from './wants-agent.ts';

/** A room, and who is in it. */
export type SeenRoom = {
  name: string;
  metadata: string;
  /** Session ids of its people. */
  callers: readonly string[];
  agents: number;
};

/** What is to be done for a room. */
export type Errand = { kind: 'send'; room: string } | { kind: 'full'; room: string };

/** An agent that was sent takes some seconds to come where the machine is busy. */
const onTheWay = 10_000;

/** What is looked at. `free`: how many more conversations fit. `isServed`: whether an agent is on its way to a room. */
export type Look = {
  rooms: readonly SeenRoom[];
  now: number;
  free: number;
  isServed: (room: string) => boolean;
};

/** LiveKit itself sends an agent to a room that is made, which takes a moment. */
const patience = 1_000;

/**
 * Finds rooms where people wait for an agent that nobody sends any more: the room was made before the worker was there,
 * the agent fell out, or the worker was full. Pure but for what it remembers.
 *
 * @returns a function from what is seen to what is to be done. A person is told once that the worker is full.
 */
export function findMissingAgents(): (look: Look) => readonly Errand[] {
  const alone = new Map<string, number>();
  const sent = new Map<string, number>();
  const told = new Set<string>();
  return ({ rooms, now, free, isServed }) => {
    const waiting = rooms.filter(
      (room) => wantsAgent(room) && room.callers.length > 0 && room.agents === 0 && !isServed(room.name),
    );
    const names = new Set(waiting.map(({ name }) => name));
    for (const name of alone.keys()) if (!names.has(name)) alone.delete(name);
    let left = free;
    return waiting.flatMap(({ name, callers }): Errand[] => {
      const since = alone.get(name) ?? now;
      alone.set(name, since);
      if (left > 0) {
        if (now - since < patience || now - (sent.get(name) ?? Number.NEGATIVE_INFINITY) < onTheWay)
          return [];
        left -= 1;
        sent.set(name, now);
        return [{ kind: 'send', room: name }];
      }
      if (callers.every((caller) => told.has(caller))) return [];
      for (const caller of callers) told.add(caller);
      return [{ kind: 'full', room: name }];
    });
  };
}
