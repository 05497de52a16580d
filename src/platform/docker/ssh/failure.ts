import { setTimeout as sleep } from 'node:timers/promises';
import { ArcError, failed, type Problem, prerequisite } from '../../../core/errors.ts';
import { type SshAddress, sshCommand } from './address.ts';
import type { Carried } from './bridge.ts';
import type { SshFailure, SshLink } from './link.ts';

/** The subject of a message: the source of the address, and its target. */
export type SshTarget = { source: string; address: string; ssh: SshAddress };

type Row = { pattern: RegExp; problem: (target: SshTarget, stderr: string) => Problem };

/** OpenSSH's messages, in the words of its sources (they are never translated), and the advice for each. */
const rows: readonly Row[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    problem: ({ ssh }) => ({
      code: 'ssh-host-key-changed',
      message: `The host key of ${ssh.host} is not the one that this machine knows, so arc does not connect.`,
      suggestion: `if the machine was reinstalled, forget the old key and compare the new one: ssh-keygen -R ${knownAs(ssh)}, then ${sshCommand(ssh)}; if not, somebody may be intercepting the connection`,
    }),
  },
  {
    pattern: /Host key verification failed|No .* host key is known for/,
    problem: ({ ssh }) => ({
      code: 'ssh-host-key',
      message: `This machine does not know the host key of ${ssh.host}.`,
      suggestion: `connect to it once and compare the fingerprint: ${sshCommand(ssh)}`,
    }),
  },
  {
    pattern: /Permission denied|Too many authentication failures|sign_and_send_pubkey/,
    problem: ({ ssh }) => ({
      code: 'ssh-permission',
      message: `${ssh.host} does not let you in over SSH.`,
      suggestion: `make \`${sshCommand(ssh)}\` work without a password: ssh-add for a key with a passphrase, ssh-copy-id for a machine that does not have your key`,
    }),
  },
  {
    pattern: /Could not resolve hostname/,
    problem: ({ ssh }) => ({
      code: 'ssh-unreachable',
      message: `${ssh.host} is neither a host name that resolves nor an alias of ~/.ssh/config.`,
      suggestion: 'correct the name, or add it to ~/.ssh/config',
    }),
  },
  {
    pattern:
      /Connection refused|timed out|No route to host|Network is unreachable|Connection (closed|reset) by|kex_exchange_identification/i,
    problem: ({ ssh }) => ({
      code: 'ssh-unreachable',
      message: `${ssh.host} does not answer over SSH.`,
      suggestion: `see whether the machine is on and its sshd runs: ${sshCommand(ssh)}`,
    }),
  },
];

/** Why there is no connection to the machine. */
export function noConnection(target: SshTarget, failure: SshFailure): ArcError {
  const { ssh } = target;
  switch (failure.kind) {
    case 'missing':
      return unusable(target, {
        code: 'no-ssh',
        message: `There is no ssh program on this machine, and ${target.source} is ${target.address}.`,
        suggestion: 'install OpenSSH (Debian: apt-get install openssh-client)',
      });
    case 'late':
      return unusable(target, {
        code: 'ssh-unreachable',
        message: `${ssh.host} did not let arc in over SSH in time.`,
        suggestion: `see what it waits for: ${sshCommand(ssh)}`,
      });
    case 'ended': {
      const row = rows.find(({ pattern }) => pattern.test(failure.stderr));
      const problem = row?.problem(target, failure.stderr) ?? {
        code: 'ssh-failed',
        message: `ssh could not connect to ${ssh.host}.`,
        suggestion: `make this work first: ${sshCommand(ssh)}`,
      };
      return unusable(target, problem, failure.stderr);
    }
    default:
      return failure satisfies never;
  }
}

/** Exit status of a shell that finds no such program. */
const notFound = 127;

/** Why the machine answers but its Engine does not; undefined if that is unknown. */
export function noEngineThere(target: SshTarget, { status, stderr }: Carried): ArcError | undefined {
  const { ssh } = target;
  const on = sshCommand(ssh);
  if (status === notFound || /command not found|docker: not found/.test(stderr))
    return unusable(
      target,
      {
        code: 'ssh-no-docker',
        message: `${ssh.host} has no \`docker\` program, or not in the PATH of a command over SSH.`,
        suggestion: `install Docker there; where it is installed, see that this finds it: ${on} docker version`,
      },
      stderr,
    );
  if (/is not a docker command|unknown command|dial-stdio.*unknown|Usage:\s+docker system/.test(stderr))
    return unusable(
      target,
      {
        code: 'ssh-docker-too-old',
        message: `The \`docker\` program on ${ssh.host} is too old to pass on a connection (\`docker system dial-stdio\`).`,
        suggestion: 'upgrade Docker there to 20.10 or newer',
      },
      stderr,
    );
  if (/permission denied/i.test(stderr))
    return unusable(
      target,
      {
        code: 'engine-permission',
        message: `You may log in to ${ssh.host}, but not use its Docker Engine.`,
        suggestion: `on that machine: sudo usermod -aG docker ${ssh.user ?? '$USER'}; the next connection has the new group`,
      },
      stderr,
    );
  if (/no such file or directory|connection refused|cannot connect to the docker daemon/i.test(stderr))
    return unusable(
      target,
      {
        code: 'no-engine',
        message: `You can log in to ${ssh.host}, but no Docker Engine answers there.`,
        suggestion: `start it: ${on} sudo systemctl start docker`,
      },
      stderr,
    );
  return undefined;
}

/** The start-up files of a shell write to what should be the Engine's connection alone. */
export function noisyShell(target: SshTarget, noise: string): ArcError {
  const { ssh } = target;
  return unusable(
    target,
    {
      code: 'ssh-noise',
      message: `The shell on ${ssh.host} writes something before the Docker Engine can answer.`,
      suggestion: `make this print nothing: ${sshCommand(ssh)} true; most often a line in ~/.bashrc there does it`,
    },
    noise,
  );
}

/** If the connection broke, ssh has reported the reason by then. */
const reasonMilliseconds = 500;

/**
 * The reason of a failure on an Engine over SSH: if the connection has ended, that is the reason, whatever failed
 * because of it.
 */
export async function explainLoss(
  error: unknown,
  link: Pick<SshLink, 'address' | 'faltered' | 'lost' | 'over'> | undefined,
): Promise<unknown> {
  if (link === undefined || !(error instanceof ArcError) || error.code === 'interrupted') return error;
  // Work over the connection may fail before arc notices the end of the connection.
  if (error.code === 'engine-lost' || link.faltered())
    await Promise.race([link.over, sleep(reasonMilliseconds)]);
  const reason = link.lost();
  if (reason === undefined) return error;
  return failed(
    {
      code: 'ssh-lost',
      message: `The SSH connection to ${link.address.host} broke.`,
      detail: [...lastLines(reason), ...error.problems.map(({ message }) => message)],
      suggestion: 'run the same command again: what is done already is kept',
    },
    error,
  );
}

function unusable({ source, address }: SshTarget, problem: Problem, stderr = ''): ArcError {
  const said = lastLines(stderr);
  return prerequisite({ ...problem, detail: [`${source}, ${address}`, ...said] });
}

/** The last message of `ssh` is the reason; earlier lines are the machine's banner. */
export function lastLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^@+$/.test(line)).slice(-3);
}

/** The machine's name in known_hosts: with its port unless that is 22. */
function knownAs(address: SshAddress): string {
  const { host, port } = address;
  return port === undefined || port === 22 ? host : `'[${host}]:${port}'`;
}
