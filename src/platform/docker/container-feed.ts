import type { ContainerEvent, Engine } from './engine.ts';

/** A listener for events of containers. */
type Subscriber = {
  onEvent: (event: ContainerEvent) => void;
  /** Called if the Engine stops reporting before the feed ends; immediately if it has stopped already. */
  onEnd?: () => void;
};

/** The events of a project's containers, for several listeners. */
export type ContainerFeed = {
  /** @returns once the Engine reports, so that nothing after that is missed */
  subscribe: (subscriber: Subscriber) => Promise<void>;
};

/**
 * One stream of the Engine's events for a whole run. It opens for the first listener.
 *
 * @param options.signal ends the feed
 */
export function containerFeed(options: {
  engine: Pick<Engine, 'watchContainers'>;
  project: string;
  signal: AbortSignal;
}): ContainerFeed {
  const { engine, project, signal } = options;
  const subscribers: Subscriber[] = [];
  let stream: Promise<void> | undefined;
  let isOver = false;
  const open = (): Promise<void> =>
    engine.watchContainers({
      project,
      signal,
      onEvent: (event) => {
        for (const { onEvent } of subscribers) onEvent(event);
      },
      onEnd: () => {
        isOver = true;
        for (const { onEnd } of subscribers) onEnd?.();
      },
    });
  return {
    subscribe: async (subscriber) => {
      subscribers.push(subscriber);
      if (isOver) subscriber.onEnd?.();
      stream ??= open();
      await stream;
    },
  };
}
