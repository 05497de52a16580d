import { failed } from '../core/errors.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { EngineInfo, RunningContainer } from '../platform/docker/docker-info.ts';
import { usesSelinux } from '../platform/docker/docker-read.ts';

/** What an Engine tells about itself and where it runs. */
export type EngineFacts = {
  version: string;
  apiVersion: string;
  address: string;
  /** Its containers' ports are on this machine. */
  local: boolean;
  /** It keeps containers apart with SELinux. */
  selinux?: boolean;
  /** It runs on this machine's own kernel, and not in a virtual machine as Docker Desktop's does. */
  sameKernel: boolean;
  /** Where it keeps volumes and logs, on its own file system; with a graph driver, images as well. */
  dataRoot: string;
  /** Where it keeps images: `dataRoot`, or the folder of a containerd that is not its own. */
  imageRoot: string;
  /** What it opens published ports with: `iptables`, `nftables`, `iptables+firewalld`. Before API 1.49 it does not say. */
  firewall?: string;
  /** Bytes. */
  memory: number;
  cpus: number;
  /** Its clock, and this machine's in the middle of asking: milliseconds since 1970. */
  clock?: { engine: number; here: number };
  running: readonly RunningContainer[];
};

const answerMilliseconds = 10_000;

/**
 * Asks the Engine for all of it at once.
 *
 * @throws ArcError (exit status 1) `engine-failed` where it does not answer
 */
export async function readEngineFacts(options: { connection: EngineConnection }): Promise<EngineFacts> {
  const { connection } = options;
  const asked = Date.now();
  const [info, running] = await orFail(
    Promise.all([connection.info(), connection.running()]),
    connection,
    answerMilliseconds,
  );
  const answered = Date.now();
  const time = Date.parse(info.SystemTime ?? '');
  const local = isLocal(connection.endpoint.address);
  return {
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
    ...(Number.isNaN(time) ? {} : { clock: { engine: time, here: (asked + answered) / 2 } }),
    running,
  };
}

/** Whether the ports that an Engine publishes are on this machine. */
export function isLocal(address: string): boolean {
  if (/^(unix|npipe):/.test(address)) return true;
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return !address.startsWith('ssh:') && /^(localhost|127\..*|\[::1\])$/.test(host);
}

/**
 * With containerd's image store, images are where that containerd keeps its data. Packages of Docker bring a containerd
 * that is a service of its own; only where there is none does dockerd start one, under its own folder.
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
