import { failed } from '../core/errors.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import { type EngineInfo, type RunningContainer, runningOf } from '../platform/docker/docker-info.ts';
import { usesSelinux } from '../platform/docker/docker-read.ts';
import type { EngineContainer } from '../platform/docker/engine.ts';

/** Facts about an Engine and where it runs. */
export type EngineFacts = {
  version: string;
  apiVersion: string;
  address: string;
  /** The ports of its containers are on this machine. */
  local: boolean;
  /** It separates containers with SELinux. */
  selinux?: boolean;
  /** It runs on this machine's kernel, not in a virtual machine as Docker Desktop does. */
  sameKernel: boolean;
  /** Folder of volumes and logs, on the Engine's file system; with a graph driver, of images too. */
  dataRoot: string;
  /** Folder of images: `dataRoot`, or the folder of a separate containerd. */
  imageRoot: string;
  /**
   * The firewall backend for published ports: `iptables`, `nftables`, `iptables+firewalld`. Unknown before API 1.49.
   */
  firewall?: string;
  /** Bytes. */
  memory: number;
  cpus: number;
  /** The Engine's clock, and this machine's clock in the middle of the request: milliseconds since 1970. */
  clock?: { engine: number; here: number };
  running: readonly RunningContainer[];
};

/** Facts, and the list of containers that they come from, so that nobody has to request it again. */
export type EngineLook = { facts: EngineFacts; containers: readonly EngineContainer[] };

const answerMilliseconds = 10_000;

/**
 * Requests all facts at the same time.
 *
 * @throws ArcError (exit status 1) `engine-failed` if it does not answer
 */
export async function readEngineFacts(options: { connection: EngineConnection }): Promise<EngineLook> {
  const { connection } = options;
  const [info, containers] = await orFail(
    Promise.all([connection.info(), connection.engine.listContainers()]),
    connection,
    answerMilliseconds,
  );
  const local = isLocal(connection.endpoint.address);
  const facts = {
    version: connection.engineVersion,
    apiVersion: connection.apiVersion,
    address: connection.endpoint.address,
    local,
    ...(usesSelinux(info) ? { selinux: true } : {}),
    sameKernel: local && process.platform === 'linux' && !/desktop/i.test(info.OperatingSystem ?? ''),
    dataRoot: info.DockerRootDir ?? '/var/lib/docker',
    imageRoot: imageRoot(info),
    ...(info.FirewallBackend?.Driver ? { firewall: info.FirewallBackend.Driver } : {}),
    memory: info.MemTotal ?? 0,
    cpus: info.NCPU ?? 0,
    ...(info.clock && { clock: info.clock }),
    running: runningOf(containers),
  };
  return { facts, containers };
}

/** Whether the ports that an Engine publishes are on this machine. */
export function isLocal(address: string): boolean {
  if (/^(unix|npipe):/.test(address)) return true;
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return !address.startsWith('ssh:') && /^(localhost|127\..*|\[::1\])$/.test(host);
}

/**
 * With containerd's image store, images are in the data folder of that containerd. Docker's packages bring a containerd
 * that runs as its own service; only without one does dockerd start its own, in its own folder.
 */
export function imageRoot(info: EngineInfo): string {
  const dataRoot = info.DockerRootDir ?? '/var/lib/docker';
  const stored = info.DriverStatus?.some(([key, value]) => key === 'driver-type' && value === snapshotter);
  if (stored !== true) return dataRoot;
  const { Address: address = systemContainerd } = info.Containerd ?? {};
  return address.replace(/^\/var\/run\//, '/run/') === systemContainerd ? '/var/lib/containerd' : dataRoot;
}

const snapshotter = 'io.containerd.snapshotter.v1';
const systemContainerd = '/run/containerd/containerd.sock';

async function orFail<T>(
  answer: Promise<T>,
  connection: EngineConnection,
  deadlineMilliseconds: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${deadlineMilliseconds} ms`)),
      deadlineMilliseconds,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    throw failed(
      {
        code: 'engine-failed',
        message: `The Docker Engine at ${connection.endpoint.address} accepts connections, but does not answer.`,
        detail: [cause instanceof Error ? cause.message : String(cause)],
        suggestion: 'restart it; its log may say why: journalctl -u docker',
      },
      cause,
    );
  } finally {
    clearTimeout(timer);
  }
}
