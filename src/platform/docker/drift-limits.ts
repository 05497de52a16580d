import type Docker from 'dockerode';
import { formatBytes } from '../../core/bytes.ts';

/** The limits that `docker update` can change, in words; no entry means no limit. */
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
 * The same words for the request to the Engine and for the existing container. Swap is left out: the Engine sets it by
 * itself, depending on the kernel.
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

/** The differences, in order of name. */
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
