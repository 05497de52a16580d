import { readFileSync } from 'node:fs';
import type { Problem } from '../core/errors.ts';
import type { HeldPort, Holder, WantedPort } from './port.ts';

/** A port with what people call it. */
export type NamedPort = WantedPort & {
  /** The container that it is for: `arc-realtime-ingress`. */
  container: string;
  /** The port's name in the manifest: `rtmp`. */
  name: string;
  /** The manifest, relative to the workspace: `services/realtime/service.yaml`. */
  file: string;
};

/** `Port 1935/tcp, wanted by arc-realtime-ingress (rtmp), is held by obs (pid 4711).` and the key to change. */
export function portProblem(held: HeldPort<NamedPort>): Problem {
  const { wanted, holder } = held;
  const single = held.first === held.last;
  const ports = single
    ? `Port ${held.first}/${wanted.protocol}`
    : `Ports ${held.first}–${held.last}/${wanted.protocol}`;
  const key = `${wanted.file} → ports → ${wanted.name} → host`;
  const passing = wanted.protocol === 'udp' && holder.kind !== 'container' && isEphemeral(held);
  return {
    code: 'port-in-use',
    message: `${ports}, wanted by ${wanted.container} (${wanted.name}), ${single ? 'is' : 'are'} held by ${describe(holder)}.`,
    detail: [
      `wanted on ${wanted.bind}, held on ${held.bind}`,
      ...(passing
        ? [
            'this machine also gives such ports to programs for a while; to keep them out:',
            `sysctl -w net.ipv4.ip_local_reserved_ports=${wanted.first}-${wanted.last}`,
          ]
        : []),
    ],
    suggestion: `${release(holder)}, or choose another port: ${key}`,
  };
}

function describe(holder: Holder): string {
  switch (holder.kind) {
    case 'process':
      return `${holder.name} (pid ${holder.pid})`;
    case 'container':
      return `the container ${holder.name}`;
    case 'proxy':
      return `a container of another Engine or a Swarm service (through ${holder.name}, pid ${holder.pid})`;
    case 'hidden':
      return `a process of ${holder.user}, whose name only root may see`;
    case 'unknown':
      return holder.reason;
    default:
      return holder satisfies never;
  }
}

function release(holder: Holder): string {
  switch (holder.kind) {
    case 'process':
      return `stop ${holder.name}`;
    case 'container':
      return `docker stop ${holder.name}`;
    case 'proxy':
      return 'stop that container';
    case 'hidden':
      return 'sudo arc doctor names it; stop it';
    case 'unknown':
      return 'stop it';
    default:
      return holder satisfies never;
  }
}

/** Whether the kernel hands these ports out to programs that ask for any port (ip(7), ip_local_port_range). */
function isEphemeral(held: { first: number; last: number }): boolean {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [low = 0, high = 0] = text.trim().split(/\s+/).map(Number);
    return low <= held.last && held.first <= high;
  } catch {
    return false;
  }
}
