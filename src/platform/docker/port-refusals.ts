import type { Problem } from '../../core/errors.ts';
import type { EngineRequest, Refusal } from './refusal.ts';

/** `127.0.0.1:6379`, `[::1]:6379`, `:::6379` after the words that the Engine puts before a port's address. */
const address =
  /(?:for |bind (?:host )?port |listen (?:tcp|udp)\d? |exposing port \w+ )(\d+(?:\.\d+){3}:\d+|\[[\da-f:]+\]:\d+|[\da-f:]*:\d+)/i;

/** Ways in which a port cannot be published, each with its own cause. */
export const portRefusals: readonly Refusal[] = [
  {
    // Windows, which reserves ranges for Hyper-V (docker/for-win#9272).
    pattern: /forbidden by its access permissions/i,
    problem: ({ request, answer }) => ({
      code: 'port-reserved',
      message: `${thePort(answer)} of ${request.object} is reserved by Windows, though nothing listens on it.`,
      detail: [answer],
      suggestion:
        'netsh int ipv4 show excludedportrange protocol=tcp lists such ports; take another one (host in the service.yaml), or as administrator: net stop winnat, then net start winnat',
    }),
  },
  {
    pattern: /cannot assign requested address/i,
    problem: ({ request, answer }) => ({
      code: 'port-address-missing',
      message: `${thePort(answer)} of ${request.object} binds to an address that the Engine's machine does not have.`,
      detail: [answer],
      suggestion:
        'ip address lists those that it has, and none with a colon where IPv6 is off; change bind of the port in the service.yaml',
    }),
  },
  {
    pattern: /address family not supported|protocol not available/i,
    problem: ({ request, answer }) => ({
      code: 'no-ipv6',
      message: `${thePort(answer)} of ${request.object} binds to an IPv6 address, but the Engine's machine has no IPv6.`,
      detail: [answer],
      suggestion:
        'bind the port to an IPv4 address in the service.yaml; Engine 20.10.6 wants IPv6 for every port, 20.10.7 fixes that',
    }),
  },
  {
    // A rootless Engine.
    pattern: /cannot expose privileged port|bind: permission denied/i,
    problem: ({ request, answer }) => ({
      code: 'port-privileged',
      message: `The Engine has no right to ${lower(thePort(answer))} of ${request.object}.`,
      detail: [answer],
      suggestion:
        'take one from 1024 on (host in the service.yaml), or let every user have it: sysctl -w net.ipv4.ip_unprivileged_port_start=80',
    }),
  },
  {
    pattern: /port is already allocated|address already in use|only one usage of each socket address/i,
    problem: ({ request, answer }) => portInUse(request, answer),
  },
  {
    pattern: /ports are not available/i,
    problem: ({ request, answer }) => ({
      code: 'port-unavailable',
      message: `${thePort(answer)} of ${request.object} could not be published.`,
      detail: [answer],
      suggestion: 'the end of that answer says why; arc doctor names who holds a port',
    }),
  },
];

function portInUse(request: EngineRequest, answer: string): Problem {
  return {
    code: 'port-in-use',
    message: `${thePort(answer)} of ${request.object} is already in use.`,
    suggestion: 'arc doctor names the process or container that holds it',
  };
}

function thePort(answer: string): string {
  const [, found] = address.exec(answer) ?? [];
  return found === undefined ? 'A port' : `The port ${found}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
