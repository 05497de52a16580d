import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import type { Contender } from './measure.ts';

/** What a container is made from, as the Engine itself says it. */
export type Made = { name: string; spec: ContainerCreateOptions };

/** Reads from the Engine what containers that exist were made from, so that it can be asked for the same ones again. */
export function readMade(options: { docker: Docker; names: readonly string[] }): Promise<readonly Made[]> {
  return Promise.all(
    options.names.map(async (name) => {
      const { Config, HostConfig, NetworkSettings } = await options.docker.getContainer(name).inspect();
      const networks = Object.entries(NetworkSettings.Networks).map(([network, { Aliases }]) => [
        network,
        { Aliases },
      ]);
      const spec = {
        ...Config,
        HostConfig,
        NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) },
      };
      return { name, spec: spec as ContainerCreateOptions };
    }),
  );
}

/**
 * The Engine's own answers along the critical path: every container is made at once, each is started the moment that
 * the Engine has started what it needs to start, and nothing waits for a program to answer.
 *
 * @param options.needs by name of a container, the names that are started before it
 */
export function engineTurn(options: {
  docker: Docker;
  made: readonly Made[];
  needs: Readonly<Record<string, readonly string[]>>;
  /** Waits until what was started can be stopped. */
  rest: () => Promise<void>;
}): Contender {
  const { docker, made, needs, rest } = options;
  const start = (): Promise<unknown> => {
    const started = new Map<string, Promise<unknown>>();
    const startOne = (name: string): Promise<unknown> => {
      const known = started.get(name);
      if (known !== undefined) return known;
      const begun = Promise.all((needs[name] ?? []).map(startOne)).then(() =>
        docker.getContainer(name).start(),
      );
      started.set(name, begun);
      return begun;
    };
    return Promise.all(made.map(({ name }) => startOne(name)));
  };
  return {
    name: 'the Engine',
    turn: async (lap) => {
      await lap('up', async () => {
        await Promise.all(made.map(({ name, spec }) => docker.createContainer({ ...spec, name })));
        await start();
      });
      await rest();
      // Dependents first: LiveKit does not exit while the Redis that it reports to is gone.
      const last = made.filter(({ name }) => (needs[name] ?? []).length > 0);
      for (const group of [last, made.filter((one) => !last.includes(one))]) {
        await Promise.all(group.map(({ name }) => docker.getContainer(name).stop()));
        await Promise.all(group.map(({ name }) => docker.getContainer(name).remove({ v: true })));
      }
    },
  };
}
