import type Docker from 'dockerode';
import { formatBytes } from '../../core/bytes.ts';

/** What `docker update` can change of a container that is there, in words; what is not limited has no entry. */
export type Limits = Readonly<Record<string, string>>;

type Host = Pick<
  Docker.HostConfig,
  | 'Memory'
  | 'MemoryReservation'
  | 'NanoCpus'
  | 'CpuPeriod'
  | 'CpuQuota'
  | 'CpuShares'
  | 'CpusetCpus'
  | 'CpusetMems'
  | 'BlkioWeight'
  | 'PidsLimit'
  | 'RestartPolicy'
>;

/**
 * The same words for what is asked of the Engine and for what it says of a container. Swap is left out: the Engine sets
 * it by itself, in a way that depends on the kernel.
 */
export function limitsOf(host: Host): Limits {
  const limits: Record<string, string> = {};
  const add = (name: string, value: number | string | null | undefined, text = String(value)): void => {
    // The Engine says 0, nothing, or -1 for no limit.
    if (value && value !== -1) limits[name] = text;
  };
  add('memory', host.Memory, formatBytes(host.Memory ?? 0));
  add('memory reservation', host.MemoryReservation, formatBytes(host.MemoryReservation ?? 0));
  add('cpus', host.NanoCpus, String((host.NanoCpus ?? 0) / 1e9));
  add('cpu quota', host.CpuQuota);
  add('cpu period', host.CpuPeriod);
  add('cpu shares', host.CpuShares);
  add('cpu set', host.CpusetCpus);
  add('memory nodes', host.CpusetMems);
  add('block I/O weight', host.BlkioWeight);
  add('pids', host.PidsLimit);
  const { Name: restart, MaximumRetryCount: most } = host.RestartPolicy ?? {};
  limits['restart policy'] = `${restart || 'no'}${most ? `:${most}` : ''}`;
  return limits;
}

/** What differs, in order of name. */
export function changedLimits(options: {
  before: Limits;
  now: Limits;
}): readonly { what: string; before: string; now: string }[] {
  const { before, now } = options;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names
    .filter((what) => before[what] !== now[what])
    .map((what) => ({ what, before: before[what] ?? 'no limit', now: now[what] ?? 'no limit' }));
}
