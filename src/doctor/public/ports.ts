import { type Finding, missing, ok, skipped } from '../check.ts';
import {
  isLoopback,
  numbers,
  type OpenPort,
  openPorts,
  type PublicSituation,
  portText,
} from './situation.ts';

/** Whether what is meant for other machines is open on this one. */
export async function examinePorts(situation: PublicSituation): Promise<readonly Finding[]> {
  const findings = await Promise.all(openPorts(situation.stack).map((open) => examinePort(open, situation)));
  return findings.flat();
}

async function examinePort(open: OpenPort, situation: PublicSituation): Promise<readonly Finding[]> {
  const { port, container } = open;
  const { running, stack } = situation;
  const text = portText(open);
  const again = `arc up ${stack.selection.join(' ')}`;
  const closed = (message: string, suggestion = again): readonly Finding[] =>
    missing({ code: 'public-port-closed', message: `${text} is closed to others: ${message}.`, suggestion });
  if (isLoopback(port.bind))
    return closed(`it is bound to ${port.bind} outside of a production profile`, 'arc up production');
  const runs = running.find(({ name }) => name === container);
  if (runs === undefined) return closed(`${container} does not run`);
  const binds = runs.ports
    .filter(({ protocol, first }) => protocol === port.protocol && first === port.host.first)
    .map(({ bind }) => bind);
  const bind = binds.find((one) => !isLoopback(one));
  if (bind === undefined)
    return closed(binds[0] === undefined ? 'it is not published' : `it is published on ${binds[0]} alone`);
  if (port.protocol === 'udp')
    return ok(`${text} is published on ${bind}; what arrives there is not known (see below)`);
  return connectTo({ text, bind, port: port.host.first, situation, closed });
}

async function connectTo(options: {
  text: string;
  bind: string;
  port: number;
  situation: PublicSituation;
  closed: (message: string, suggestion?: string) => readonly Finding[];
}): Promise<readonly Finding[]> {
  const { text, bind, port, situation, closed } = options;
  const { outside, engineAddress } = situation;
  const isForAll = bind === '0.0.0.0' || bind === '::';
  const host = isForAll ? (engineAddress ?? outside.addresses()[0]) : bind;
  if (host === undefined) return skipped(`not tried: ${text}, for this machine has no address but loopback`);
  const answer = await outside.connect({ host, port });
  if (answer !== 'taken')
    return closed(`at ${host}, ${answer}`, 'look at its log, and at the firewall of its machine');
  return engineAddress === undefined
    ? ok(`${text} takes connections at ${host}, from this machine itself`)
    : ok(`${text} takes connections at ${host} from this machine, which is another one`);
}

/** What cannot be told from here, and how it is tried from elsewhere. */
export function notTried(situation: PublicSituation): readonly Finding[] {
  const { stack, engineAddress } = situation;
  const open = openPorts(stack).filter(({ port }) => !isLoopback(port.bind));
  const of = (protocol: 'tcp' | 'udp') =>
    open.filter(({ port }) => port.protocol === protocol).map(({ port }) => numbers(port));
  const [tcp, udp] = [of('tcp'), of('udp')];
  return [
    ...(tcp.length === 0 || engineAddress !== undefined
      ? []
      : skipped(
          `not tried: whether firewalls in front of this machine let TCP ${tcp.join(', ')} through. On a machine elsewhere: nc -vz <address> ${tcp[0]}`,
        )),
    ...(udp.length === 0
      ? []
      : skipped(
          `not tried: whether UDP ${udp.join(', ')} gets here and back, for nothing answers a stranger there. Join a room from elsewhere with UDP alone`,
        )),
  ];
}
