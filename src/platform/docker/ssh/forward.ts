import type { AddressInfo } from 'node:net';
import { failed } from '../../../core/errors.ts';
import { authority, type Reached, type SocketAddress } from '../../../core/socket-address.ts';
import type { PipedProcess } from '../../../host/piped.ts';
import { openBridge } from './bridge.ts';
import type { SshLink } from './link.ts';

/** ssh's message at its first debug level once the far side has connected (OpenSSH mux.c). */
const connected = /mux_client_request_stdio_fwd: master session id/;

/**
 * Opens a port of this machine that leads to an address as seen from the far side, until it is disposed of. The far
 * side has connected by then, because a local port accepts connections whether or not anything listens there.
 *
 * @throws ArcError `forward-refused` if nothing listens there, or the far side may not connect
 */
export async function openForward(options: {
  link: SshLink;
  to: SocketAddress;
  signal: AbortSignal;
}): Promise<Reached> {
  const { link, to, signal } = options;
  signal.throwIfAborted();
  const dial = (): PipedProcess | undefined => link.start({ forward: authority(to) });
  let first = dial();
  const give = (): PipedProcess | undefined => {
    const given = first ?? dial();
    first = undefined;
    return given;
  };
  const stop = (): void => first?.stop();
  signal.addEventListener('abort', stop, { once: true });
  const opened = (await first?.says(connected)) ?? false;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (!opened) throw refused({ link, to });
  const bridge = await openBridge({ listen: { port: 0 }, start: give, onEnd: () => {} });
  return {
    host: '127.0.0.1',
    port: (bridge.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      bridge.close();
      stop();
    },
  };
}

function refused({ link, to }: { link: SshLink; to: SocketAddress }) {
  const { host } = link.address;
  const lost = link.lost();
  if (lost !== undefined)
    return failed({
      code: 'ssh-lost',
      message: `The SSH connection to ${host} broke.`,
      detail: [lost],
      suggestion: 'run the same command again: what is done already is kept',
    });
  const reason = /open failed: ([^\r\n]+)\s*$/.exec(link.said())?.[1];
  const forbidden = reason?.includes('administratively prohibited') === true;
  return failed({
    code: 'forward-refused',
    message: forbidden
      ? `The sshd of ${host} forwards no ports, so arc cannot ask what runs there.`
      : `${host} cannot connect to ${authority(to)}${reason === undefined ? '' : `: ${reason.replace('connect failed: ', '')}`}.`,
    suggestion: forbidden
      ? 'set AllowTcpForwarding to yes or local in its sshd_config, for this user at least'
      : '`arc status` shows whether the container runs',
  });
}
