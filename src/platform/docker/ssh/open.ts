import { join } from 'node:path';
import { dialCommand, type SshAddress } from './address.ts';
import { type Carried, openBridge } from './bridge.ts';
import { type Environment, openSshLink, type SshFailure, type SshLink } from './link.ts';

/** An Engine behind `ssh`, as a socket of this machine. */
export type EngineOverSsh = {
  link: SshLink;
  socketPath: string;
  /** How the last connection to the Engine ended that ended badly; nothing while all are well. */
  failure: () => Carried | undefined;
  /** The bytes that arrived instead of an Engine's answer; undefined if it was one. */
  noise: () => string | undefined;
  close: () => void;
};

/**
 * Opens a socket behind which an Engine of another machine answers. Each connection is a `docker system dial-stdio`
 * over there, as with the `docker` command.
 */
export async function openEngineOverSsh(options: {
  address: SshAddress;
  environment: Environment;
}): Promise<EngineOverSsh | SshFailure> {
  const link = await openSshLink(options);
  if ('kind' in link) return link;
  const socketPath = join(link.folder, 'engine');
  let failure: Carried | undefined;
  let noise: string | undefined;
  const bridge = await openBridge({
    listen: { path: socketPath },
    start: () => link.start({ command: dialCommand(options.address) }),
    onFirst: (bytes) => {
      if (!bytes.subarray(0, 5).equals(Buffer.from('HTTP/'))) noise = bytes.toString('utf8');
    },
    onEnd: (carried) => {
      if (carried.status !== 0) failure = carried;
    },
  });
  return {
    link,
    socketPath,
    failure: () => failure,
    noise: () => noise,
    close: () => {
      bridge.close();
      link.close();
    },
  };
}
