import type Docker from 'dockerode';
import type { PublishingContainer } from '../../host/port.ts';
import { arcLabels } from './labels.ts';

/** From `GET /info`: what the Engine says of itself. */
export type EngineInfo = {
  SecurityOptions?: readonly string[] | null;
  SystemTime?: string;
  OperatingSystem?: string;
  DockerRootDir?: string;
  DriverStatus?: readonly (readonly [string, string])[];
  /** From API 1.46. */
  Containerd?: { Address?: string };
  /** From API 1.49. */
  FirewallBackend?: { Driver?: string };
  MemTotal?: number;
  NCPU?: number;
};

/** A container that holds ports of the Engine's machine. */
export type RunningContainer = Omit<PublishingContainer, 'own'> & { project?: string };

export async function readInfo(docker: Docker): Promise<EngineInfo> {
  return await docker.info();
}

export async function readRunning(docker: Docker): Promise<readonly RunningContainer[]> {
  const containers = await docker.listContainers();
  return containers.map(({ Names, Labels, Ports }) => {
    const project = Labels[arcLabels.project];
    return {
      name: Names[0]?.replace(/^\//, '') ?? 'without a name',
      ...(project === undefined ? {} : { project }),
      ports: Ports.flatMap(({ IP, PublicPort, Type }) =>
        PublicPort && (Type === 'tcp' || Type === 'udp')
          ? [{ protocol: Type, bind: IP ?? '0.0.0.0', first: PublicPort, last: PublicPort }]
          : [],
      ),
    };
  });
}
