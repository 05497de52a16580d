import type Docker from 'dockerode';
import type { PublishingContainer } from '../../host/port.ts';
import { call } from './call.ts';
import type { EngineContainer } from './engine.ts';
import { arcLabels } from './labels.ts';

/** From `GET /info`: what the Engine says of itself. */
export type EngineInfo = {
  SecurityOptions?: readonly string[] | null;
  OperatingSystem?: string;
  DockerRootDir?: string;
  DriverStatus?: readonly (readonly [string, string])[];
  /** From API 1.46. */
  Containerd?: { Address?: string };
  /** From API 1.49. */
  FirewallBackend?: { Driver?: string };
  MemTotal?: number;
  NCPU?: number;
  HttpProxy?: string;
  HttpsProxy?: string;
  RegistryConfig?: { Mirrors?: string[] | null; IndexConfigs?: Record<string, { Secure: boolean }> };
  /** Its clock, and this machine's in the middle of asking: milliseconds since 1970. */
  clock?: { engine: number; here: number };
};

/** A container that holds ports of the Engine's machine. */
export type RunningContainer = Omit<PublishingContainer, 'own'> & { project?: string };

/**
 * Asks the Engine what it is. Nothing of it changes while arc runs, so it is asked once; an answer that did not come is
 * no answer, and the next one who wants to know asks again.
 */
export function infoOf(docker: Docker): () => Promise<EngineInfo> {
  let answer: Promise<EngineInfo> | undefined;
  return async () => {
    answer ??= readInfo(docker);
    try {
      return await answer;
    } catch (cause) {
      answer = undefined;
      throw cause;
    }
  };
}

async function readInfo(docker: Docker): Promise<EngineInfo> {
  const asked = Date.now();
  const info = await call({
    request: { verb: 'describe', object: 'itself' },
    run: (abortSignal) => {
      // The library takes options here as everywhere; its types do not know.
      const ask = docker.info as (options: object) => Promise<EngineInfo & { SystemTime?: string }>;
      return ask.call(docker, { abortSignal });
    },
  });
  const engine = Date.parse(info.SystemTime ?? '');
  return Number.isNaN(engine) ? info : { ...info, clock: { engine, here: (asked + Date.now()) / 2 } };
}

/** Those of the Engine's containers that may hold ports of its machine. */
export function runningOf(containers: readonly EngineContainer[]): readonly RunningContainer[] {
  return containers
    .filter(({ state }) => state === 'running' || state === 'paused' || state === 'restarting')
    .map(({ name, labels, held }) => {
      const project = labels[arcLabels.project];
      return { name, ...(project === undefined ? {} : { project }), ports: held };
    });
}
