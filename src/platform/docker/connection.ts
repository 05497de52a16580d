import { connectDocker, type DockerConnection } from './connect.ts';
import { dockerImages } from './docker-images.ts';
import { type EngineInfo, infoOf } from './docker-info.ts';
import { type DriftFacts, readDriftFacts } from './drift-facts.ts';
import type { Endpoint } from './endpoint.ts';
import type { Engine } from './engine.ts';
import type { EngineImages } from './engine-images.ts';
import { execIn } from './exec.ts';
import { readLogs } from './logs.ts';
import { openedEngine } from './open-engine.ts';
import type { SshLink } from './ssh/link.ts';
import { awaitUnfinishedWork } from './unfinished-work.ts';

/** The same without the client, which stays in this room. */
type Bound<Options> = Omit<Options, 'docker' | 'info'>;

/** An Engine that has answered, and all that arc asks of one. */
export type EngineConnection = {
  endpoint: Endpoint;
  /** Version of the Engine: `20.10.24`. */
  engineVersion: string;
  /** The API version that is spoken: `1.41`. */
  apiVersion: string;
  /** The way to the Engine's machine, if it is another one reached over SSH. */
  ssh?: SshLink;
  /** Containers, networks and volumes. */
  engine: Engine;
  images: EngineImages;
  exec: (options: Bound<Parameters<typeof execIn>[0]>) => Promise<number>;
  logs: (options: Bound<Parameters<typeof readLogs>[0]>) => Promise<void>;
  awaitUnfinishedWork: (options: Bound<Parameters<typeof awaitUnfinishedWork>[0]>) => Promise<void>;
  info: () => Promise<EngineInfo>;
  /** Properties of the project's objects that people can change and that no label records. */
  driftFacts: (options: Bound<Parameters<typeof readDriftFacts>[0]>) => Promise<DriftFacts>;
  /** Closes idle connections, so that the process can end. */
  close: () => void;
};

/**
 * Finds a Docker Engine and connects to it.
 *
 * @throws ArcError as `connectDocker` does
 */
export async function connectEngine(options: Parameters<typeof connectDocker>[0]): Promise<EngineConnection> {
  return connectionTo(await connectDocker(options));
}

/** Everything that arc asks an Engine, over a connected client. */
export function connectionTo(connected: DockerConnection): EngineConnection {
  const { docker, endpoint, engineVersion, apiVersion, ssh, close } = connected;
  const info = infoOf(docker);
  return {
    endpoint,
    engineVersion,
    apiVersion,
    ...(ssh && { ssh }),
    engine: openedEngine({ ...connected, info }),
    images: dockerImages({ ...connected, info }),
    exec: (options) => execIn({ docker, ...options }),
    logs: (options) => readLogs({ docker, ...options }),
    awaitUnfinishedWork: (options) => awaitUnfinishedWork({ docker, ...options }),
    info,
    driftFacts: (options) => readDriftFacts({ docker, info, ...options }),
    close,
  };
}
