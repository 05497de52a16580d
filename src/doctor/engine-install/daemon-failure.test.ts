import { expect, test } from 'vitest';
import { daemonFailure } from './daemon-failure.ts';

// Last lines of real logs of Docker 20.10.
test.each([
  [
    'a container without privileges',
    [
      'level=warning msg="Running modprobe bridge br_netfilter failed with message: , error: exec: \\"modprobe\\": executable file not found in $PATH"',
      'failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: iptables failed: iptables -t nat -N DOCKER: iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    ],
    'may not change the firewall here',
  ],
  [
    'an iptables that the kernel does not support',
    [
      'failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.5 (nf_tables):  CHAIN_ADD failed (No such file or directory): chain PREROUTING',
    ],
    'this kernel lacks a feature that the installed iptables needs',
  ],
  [
    'a pid file that was left behind',
    ['failed to start daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid'],
    'Another dockerd is running, or an old one left its pid file behind',
  ],
  ['no control groups', ["failed to start daemon: Devices cgroup isn't mounted"], 'finds no control groups'],
  [
    'no disk',
    ['failed to start daemon: mkdir /var/lib/docker/x: no space left on device'],
    'has no disk space left',
  ],
  [
    'something unheard of',
    ['failed to start daemon: the moon is in the wrong phase'],
    'It failed with exit status 1',
  ],
])('%s', (_, log, sentence) => {
  const problem = daemonFailure({
    how: 'it failed with exit status 1',
    log,
    logFile: '/var/log/arc-dockerd.log',
  });
  expect(problem.message).toContain(sentence);
  expect(problem.detail).toEqual([
    'it failed with exit status 1',
    ...log,
    'the whole log: /var/log/arc-dockerd.log',
  ]);
  expect(problem.suggestion).toBeTruthy();
});
