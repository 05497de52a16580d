import Docker from 'dockerode';
import { pruneReplacedImages } from './replaced-images.ts';
import { testProject } from './workspace.ts';

/** The Engine as the tests see it, apart from arc: what is there, and what has happened. */
export type TestEngine = {
  docker: Docker;
  /** The stack's containers by name, stopped ones too. */
  containers: () => Promise<Record<string, ContainerNow>>;
  /** The same without what changes by itself: what the Engine's own health check says. */
  runs: () => Promise<Record<string, Omit<ContainerNow, 'health'>>>;
  /** `container arc-cache`, `volume arc-cache-data`, `network …`: everything of the project. */
  objects: () => Promise<string[]>;
  /** Everything on the Engine but images, whoever made it. */
  everything: () => Promise<Set<string>>;
  /** How containers of the project ended since `time`, in order: `arc-cache 0`. */
  endings: (since: Date) => Promise<string[]>;
  /** Removes whatever has the project's label, and images that tests have replaced. */
  sweep: () => Promise<void>;
  /**
   * Sweeps, and makes sure that the tests can have the Engine.
   *
   * @returns everything that is on it
   * @throws Error where that is a stack, which they would harm
   */
  claim: () => Promise<Set<string>>;
};

export type ContainerNow = {
  id: string;
  state: string;
  health: string | undefined;
  exitCode: number;
  startedAt: string;
  labels: Record<string, string>;
};

const ours = { label: [`arc.project=${testProject}`] };

export function connectTestEngine(): TestEngine {
  const docker = new Docker({ timeout: 120_000 });
  const everything = async () => new Set(await objectNames(docker, {}));
  const list = () => docker.listContainers({ all: true, filters: ours });

  async function containers(): Promise<Record<string, ContainerNow>> {
    const now: Record<string, ContainerNow> = {};
    for (const { Id } of await list()) {
      const { Name, State, Config } = await docker.getContainer(Id).inspect();
      now[Name.slice(1)] = {
        id: Id,
        state: State.Status,
        health: State.Health?.Status,
        exitCode: State.ExitCode,
        startedAt: State.StartedAt,
        labels: Config.Labels,
      };
    }
    return now;
  }

  async function runs(): Promise<Record<string, Omit<ContainerNow, 'health'>>> {
    const entries = Object.entries(await containers());
    return Object.fromEntries(entries.map(([name, { health: _, ...run }]) => [name, run]));
  }

  const sweep = async (): Promise<void> => {
    const left = await list();
    await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
    const { Volumes } = await docker.listVolumes({ filters: ours });
    const { Volumes: locks } = await docker.listVolumes({ filters: { label: [`arc.lock=${testProject}`] } });
    await Promise.all([...Volumes, ...locks].map(({ Name }) => docker.getVolume(Name).remove()));
    for (const { Id } of await docker.listNetworks({ filters: ours })) await docker.getNetwork(Id).remove();
    await pruneReplacedImages(docker);
  };

  return {
    docker,
    containers,
    runs,
    objects: () => objectNames(docker, ours),
    everything,
    endings: (since) => readEndings(docker, since),
    sweep,
    claim: async () => {
      await sweep();
      const others = await everything();
      const foreign = [...others].filter((name) => / arc[-_]/.test(name));
      if (foreign.length === 0) return others;
      throw new Error(
        `These tests need an Engine without a stack, and would harm this one: ${foreign.join(', ')}. ` +
          'Remove it with `arc nuke`, or name another Engine in DOCKER_HOST.',
      );
    },
  };
}

async function objectNames(docker: Docker, filters: { label?: string[] }): Promise<string[]> {
  const [containers, { Volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  return [
    ...containers.map(({ Names }) => `container ${Names[0]?.slice(1)}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Name }) => `network ${Name}`),
  ].sort();
}

async function readEndings(docker: Docker, since: Date): Promise<string[]> {
  const stream = await docker.getEvents({
    since: since.getTime() / 1000,
    until: Date.now() / 1000,
    filters: { ...ours, type: ['container'], event: ['die'] },
  });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { name, exitCode } = JSON.parse(line).Actor.Attributes as { name: string; exitCode: string };
      return `${name} ${exitCode}`;
    });
}
