import type Docker from 'dockerode';
import type { Author } from '../../core/drift.ts';
import { call } from './call.ts';
import type { EngineInfo } from './docker-info.ts';
import { arcLabels } from './labels.ts';

/** Something that was done to a container or its networks, as the Engine remembers it. */
export type PastEvent = {
  action: PastAction;
  /** Name of the container. */
  id: string;
  /** Role from arc's label; events of `connect` and `disconnect` have no labels. */
  role?: string;
  network?: string;
  /** ISO 8601, by the Engine's clock. */
  at: string;
};

const actions = [
  ...([
    'update',
    'rename',
    'pause',
    'kill',
    'stop',
    'oom',
    'die',
    'destroy',
    'connect',
    'disconnect',
  ] as const),
];
export type PastAction = (typeof actions)[number];

const hour = 3_600_000;

/** The Engine's events of the last hour, oldest first. It keeps the last few hundred events of all kinds. */
export async function readPastEvents(options: {
  docker: Docker;
  info: () => Promise<EngineInfo>;
}): Promise<readonly PastEvent[]> {
  const { docker } = options;
  const { clock } = await options.info();
  // By the Engine's clock: with a time to come, it would report until then.
  const now = Date.now() + (clock === undefined ? 0 : clock.engine - clock.here);
  return call({
    request: { verb: 'report', object: 'what happened in the last hour' },
    run: async (abortSignal) => {
      const stream = await docker.getEvents({
        since: Math.floor((now - hour) / 1000),
        until: Math.floor(now / 1000) + 1,
        filters: JSON.stringify({ type: ['container', 'network'], event: actions }),
        abortSignal,
      });
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(Buffer.from(piece));
      return parseEvents(Buffer.concat(pieces).toString());
    },
  });
}

type Raw = { Action: string; Actor: { ID: string; Attributes: Record<string, string> }; time: number };

/** From the Engine's lines of JSON. */
export function parseEvents(text: string): readonly PastEvent[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line): readonly PastEvent[] => {
      const { Action, Actor, time } = JSON.parse(line) as Raw;
      const action = actions.find((one) => one === Action);
      if (action === undefined) return [];
      const { container, name, [arcLabels.role]: role } = Actor.Attributes;
      const at = new Date(time * 1000).toISOString();
      return action === 'connect' || action === 'disconnect'
        ? [{ action, id: container ?? '', ...(name === undefined ? {} : { network: name }), at }]
        : [{ action, id: Actor.ID, ...(role === undefined ? {} : { role }), at }];
    });
}

/** Who made the last such change, as far as the Engine's events tell. */
export function authorOf(events: readonly PastEvent[], isIt: (event: PastEvent) => boolean): Author {
  const last = events.findLast(isIt);
  return last === undefined ? {} : { did: last.action, at: last.at };
}
