import type { Problem } from '../../core/errors.ts';

/** Known messages in dockerd's log about why it cannot run, and their meaning. The first match counts. */
const reasons: readonly { pattern: RegExp; message: string; suggestion: string }[] = [
  {
    pattern:
      /iptables.*(permission denied|you must be root)|can't initialize iptables|operation not permitted.*iptables/is,
    message: 'dockerd may not change the firewall here: this is a container without that privilege.',
    suggestion:
      "start this container with --privileged, or give it the host's Engine: -v /var/run/docker.sock:/var/run/docker.sock",
  },
  {
    pattern: /iptables not found|"iptables": executable file not found/i,
    message: 'dockerd needs iptables, which is not installed.',
    suggestion: 'apt-get install iptables, then arc doctor --fix',
  },
  {
    pattern: /failed to create NAT chain|Failed to Setup IP tables|CHAIN_ADD failed|table does not exist/is,
    message:
      'dockerd cannot set up the firewall: this kernel lacks a feature that the installed iptables needs.',
    suggestion: 'update-alternatives --set iptables /usr/sbin/iptables-legacy, then arc doctor --fix',
  },
  {
    pattern: /pid file found|process with PID \d+ is still running|ensure docker is not running/i,
    message: 'Another dockerd is running, or an old one left its pid file behind.',
    suggestion: 'stop it, or remove /var/run/docker.pid where no dockerd runs, then arc doctor --fix',
  },
  {
    pattern: /Devices cgroup isn't mounted|cgroup mountpoint does not exist|cgroups?: cannot find/i,
    message: 'dockerd finds no control groups: they are not mounted in this container.',
    suggestion: 'start this container with --privileged, or mount them with cgroupfs-mount',
  },
  {
    pattern: /operation not permitted|permission denied/i,
    message: 'dockerd lacks a privilege here; this is most likely a container.',
    suggestion:
      "start this container with --privileged, or give it the host's Engine: -v /var/run/docker.sock:/var/run/docker.sock",
  },
  {
    pattern: /no space left on device/i,
    message: 'dockerd has no disk space left.',
    suggestion: 'free some in /var/lib/docker, then arc doctor --fix',
  },
];

/**
 * Why dockerd did not come up, from the last lines of its log.
 *
 * @param options.how what was seen of it: `it failed with exit status 1`
 */
export function daemonFailure(options: { how: string; log: readonly string[]; logFile: string }): Problem {
  const { how, log, logFile } = options;
  // dockerd sums up at the end why it gives up, after warnings about things that it can do without.
  const verdict = log.findLast((line) => /failed to start daemon|level=fatal/i.test(line));
  const reason =
    (verdict === undefined ? undefined : reasons.find(({ pattern }) => pattern.test(verdict))) ??
    reasons.find(({ pattern }) => pattern.test(log.join('\n')));
  return {
    code: 'engine-did-not-start',
    message: `The Docker Engine did not start. ${reason?.message ?? `${how[0]?.toUpperCase() ?? ''}${how.slice(1)}.`}`,
    detail: [how, ...log, `the whole log: ${logFile}`],
    suggestion: reason?.suggestion ?? 'fix what the last lines report, then arc doctor --fix',
  };
}
