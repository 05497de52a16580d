import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArcError } from '../../../core/errors.ts';
import { connectDocker } from '../connect.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-link-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program in the place of `ssh`: `opening` is what it does to connect, `command` for a command over there. */
function ssh(options: { opening: string; command?: string }): void {
  const program = join(folder, 'ssh');
  const lines = [
    '#!/bin/sh',
    'for word in "$@"; do',
    '  case $word in',
    '    check) exit 255 ;;',
    '    ControlPath=*) control=$(echo "$word" | cut -d= -f2) ;;',
    '    ControlMaster=yes) master=1 ;;',
    '  esac',
    'done',
    `[ "$master" ] && { echo "$@" > ${folder}/arguments; ${options.opening}; }`,
    options.command ?? 'exit 1',
  ];
  writeFileSync(program, lines.join('\n'));
  chmodSync(program, 0o755);
}

const connected = 'touch "$control"; exec cat';

async function problem(environment: Record<string, string> = {}) {
  const tried = connectDocker({
    environment: {
      HOME: folder,
      PATH: `${folder}:/usr/bin:/bin`,
      CI: '1',
      DOCKER_HOST: 'ssh://ada@box',
      ...environment,
    },
    deadlineMilliseconds: 2_000,
  });
  const error = (await tried.catch((thrown: unknown) => thrown)) as ArcError;
  return { ...error.problems[0], status: error.status };
}

const privateFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('arc-ssh-'));

describe('an Engine over SSH that cannot be used', () => {
  test.each([
    {
      said: 'Host key verification failed.',
      code: 'ssh-host-key',
      suggestion: 'connect to it once and compare the fingerprint: ssh ada@box',
    },
    {
      said: '@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.',
      code: 'ssh-host-key-changed',
      suggestion: expect.stringContaining('ssh-keygen -R box, then ssh ada@box'),
    },
    {
      said: 'ada@box: Permission denied (publickey,password).',
      code: 'ssh-permission',
      suggestion: expect.stringContaining('make `ssh ada@box` work without a password'),
    },
    {
      said: 'ssh: Could not resolve hostname box: Name or service not known',
      code: 'ssh-unreachable',
      suggestion: 'correct the name, or add it to ~/.ssh/config',
    },
    {
      said: 'ssh: connect to host box port 22: Connection refused',
      code: 'ssh-unreachable',
      suggestion: 'see whether the machine is on and its sshd runs: ssh ada@box',
    },
    {
      said: 'Bad configuration option: sonnet',
      code: 'ssh-failed',
      suggestion: 'make this work first: ssh ada@box',
    },
  ])('because ssh says "$said"', async ({ said, code, suggestion }) => {
    const before = privateFolders();
    ssh({ opening: `echo 'Welcome to the box' >&2; echo '${said}' >&2; exit 255` });
    expect(await problem()).toMatchObject({
      status: 4,
      code,
      suggestion,
      detail: expect.arrayContaining(['DOCKER_HOST, ssh://ada@box', said.split('\n').at(-1)]),
    });
    expect(privateFolders().filter((name) => !before.includes(name))).toEqual([]);
  });

  test.each([
    { did: "echo 'sh: 1: docker: not found' >&2; exit 127", code: 'ssh-no-docker' },
    {
      did: 'echo "docker: \'dial-stdio\' is not a docker command." >&2; exit 1',
      code: 'ssh-docker-too-old',
    },
    {
      did: "echo 'dial unix /var/run/docker.sock: connect: permission denied' >&2; exit 1",
      code: 'engine-permission',
    },
    {
      did: "echo 'dial unix /var/run/docker.sock: connect: no such file or directory' >&2; exit 1",
      code: 'no-engine',
    },
  ])('because over there: $did', async ({ did, code }) => {
    ssh({ opening: connected, command: did });
    expect(await problem()).toMatchObject({
      status: 4,
      code,
      detail: expect.arrayContaining([/'(.*)'|"(.*)"/.exec(did)?.slice(1).find(Boolean)]),
    });
  });

  test('because there is no ssh on this machine', async () => {
    expect(await problem({ PATH: folder })).toMatchObject({ status: 4, code: 'no-ssh' });
  });

  test('asks nothing where there is no terminal', async () => {
    ssh({ opening: 'exit 255' });
    await problem();
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).toContain('BatchMode=yes');
  });

  test('because what answers over there is no Engine, and the shell talks first', async () => {
    ssh({ opening: connected, command: "echo 'Last login: Monday'; exec cat >/dev/null" });
    expect(await problem()).toMatchObject({
      code: 'ssh-noise',
      detail: expect.arrayContaining(['Last login: Monday']),
    });
  });
});

test('the connection and its folder end with the last use', async () => {
  const before = privateFolders();
  const answer = JSON.stringify({ Version: '29.0.0', ApiVersion: '1.52', MinAPIVersion: '1.44' });
  ssh({
    opening: `echo $$ > ${folder}/pid; ${connected}`,
    command: `read line; printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: ${answer.length}\\r\\n\\r\\n%s' '${answer}'; exec cat >/dev/null`,
  });
  const connection = await connectDocker({
    environment: { PATH: `${folder}:/usr/bin:/bin`, CI: '1', DOCKER_HOST: 'ssh://box' },
    deadlineMilliseconds: 2_000,
  });
  expect(connection.engineVersion).toBe('29.0.0');
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  const { over } = connection.ssh ?? {};
  connection.close();
  await over;
  expect(privateFolders().filter((name) => !before.includes(name))).toEqual([]);
});
