import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../../src/host/system.ts';
import { cleanEnvironment } from '../run-arc.ts';
import type { SecondEngine } from '../second-engine.ts';
import { until } from '../until.ts';

export const port = 2222;

/** An sshd in the network of an Engine, and an `ssh` of a user who has a key for it, both with settings of their own. */
export async function startSshd(options: { folder: string; engine: SecondEngine; address: string }): Promise<{
  /** Folder of that `ssh`. */
  programs: string;
  knownHosts: string;
  cut: () => Promise<void>;
  close: () => Promise<void>;
}> {
  const { folder, engine, address } = options;
  const file = (name: string): string => join(folder, name);
  for (const key of ['host_key', 'id']) {
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)], { stdin: 'ignore' });
  }
  copyFileSync(file('id.pub'), file('authorized_keys'));
  const knownHosts = file('known_hosts');
  writeFileSync(knownHosts, `[${address}]:${port} ${readFileSync(file('host_key.pub'), 'utf8')}`);
  writeFileSync(
    file('sshd_config'),
    [
      ...[`Port ${port}`, `ListenAddress ${address}`, `HostKey ${file('host_key')}`],
      ...[`AuthorizedKeysFile ${file('authorized_keys')}`, 'StrictModes no', 'PidFile none'],
      ...['UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
      ...['PermitRootLogin prohibit-password', `SetEnv DOCKER_HOST=unix://${engine.socket}`],
    ].join('\n'),
  );
  writeFileSync(
    file('ssh_config'),
    [
      ...['Host farbox', `HostName ${address}`, `Port ${port}`, 'User root'],
      ...[`IdentityFile ${file('id')}`, 'IdentitiesOnly yes', 'StrictHostKeyChecking yes'],
      ...[`UserKnownHostsFile ${knownHosts}`, 'GlobalKnownHostsFile none'],
    ].join('\n'),
  );
  const programs = file('bin');
  mkdirSync(programs);
  const ssh = findProgram('ssh', process.env) ?? '';
  writeFileSync(join(programs, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${file('ssh_config')} "$@"\n`);
  chmodSync(join(programs, 'ssh'), 0o755);
  // Its privileges are separated in there; Debian's service makes it.
  if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });

  const [program = '', ...args] = [
    ...engine.before,
    ...[findProgram('sshd', process.env) ?? '', '-D', '-f', file('sshd_config'), '-E', file('sshd.log')],
  ];
  const sshd = spawn(program, args, { stdio: 'ignore', env: cleanEnvironment() });
  const close = async (): Promise<void> => {
    if (sshd.exitCode !== null) return;
    const ended = once(sshd, 'exit');
    sshd.kill();
    await ended;
  };
  try {
    await until({
      what: 'the sshd',
      ask: () => {
        if (sshd.exitCode !== null) throw new Error(readFileSync(file('sshd.log'), 'utf8'));
        return readFileSync(file('sshd.log'), 'utf8').includes('Server listening');
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { programs, knownHosts, cut: () => endChildren(sshd.pid ?? 0), close };
}

/** An sshd has a process for each connection. */
async function endChildren(pid: number): Promise<void> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  for (const child of children.filter(Boolean)) process.kill(Number(child), 'SIGKILL');
}
