/** What a container had used at one moment. Counters count from its start. */
export type ContainerUsage = {
  /** Milliseconds since 1970, by the Engine's clock. */
  at: number;
  /** Of all its processes together, on all processors. */
  cpuNanoseconds: number;
  /** Without the part of the page cache that can be given back at any time. */
  memoryBytes: number;
  receivedBytes: number;
  sentBytes: number;
};

/** What the Engine says of a running container, as far as it is read here. */
type Stats = {
  read?: string;
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
  memory_stats?: { usage?: number; stats?: Readonly<Record<string, number>> };
  networks?: Readonly<Record<string, { rx_bytes?: number; tx_bytes?: number }>>;
};

/**
 * Reads the Engine's answer. Memory is counted as `docker stats` counts it: without inactive pages of files, which is
 * `inactive_file` under cgroup v2 and `total_inactive_file` under v1.
 *
 * @returns undefined for a container that does not run: the Engine then answers with zeros
 */
export function readUsage(stats: Stats): ContainerUsage | undefined {
  const cpu = stats.cpu_stats?.cpu_usage?.total_usage ?? 0;
  const used = stats.memory_stats?.usage;
  const at = Date.parse(stats.read ?? '');
  if (used === undefined || Number.isNaN(at) || at <= 0) return undefined;
  const pages = stats.memory_stats?.stats ?? {};
  const inactive = pages.inactive_file ?? pages.total_inactive_file ?? 0;
  const networks = Object.values(stats.networks ?? {});
  const sum = (bytes: readonly (number | undefined)[]): number =>
    bytes.reduce<number>((all, each) => all + (each ?? 0), 0);
  return {
    at,
    cpuNanoseconds: cpu,
    memoryBytes: inactive < used ? used - inactive : used,
    receivedBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
    sentBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
  };
}
