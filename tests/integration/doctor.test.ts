import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { diagnose, type Installation, installForAll, run } from './doctor-cli.ts';

// Bad environments, made for real: other users, other namespaces, Engines that are not what they should be.

let arc: Installation;
const servers: Server[] = [];
beforeAll(async () => {
  arc = await installForAll();
});
afterAll(() => arc.remove());
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function engineSocket(name: string, handle: RequestListener): Promise<Record<string, string>> {
  const path = join(arc.folder, name);
  const server = createHttpServer(handle).listen(path);
  await once(server, 'listening');
  servers.push(server);
  return { DOCKER_HOST: `unix://${path}` };
}

const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

describe('the Engine', () => {
  test('is not there: every place that was looked at', async () => {
    const environment = { DOCKER_HOST: `unix://${join(arc.folder, 'nothing.sock')}` };
    const { exitCode, about } = await diagnose(arc, [], { environment });
    expect(exitCode).toBe(4);
    expect(about('engine')).toMatchObject([
      {
        state: 'missing',
        code: 'no-engine',
        detail: [expect.stringContaining('nothing.sock: does not exist')],
      },
    ]);
  });

  test('is too old', async () => {
    const environment = await engineSocket(
      'old.sock',
      json({ Version: '18.06.3-ce', ApiVersion: '1.38', MinAPIVersion: '1.12' }),
    );
    const { exitCode, about } = await diagnose(arc, [], { environment });
    expect(exitCode).toBe(4);
    expect(about('engine')).toMatchObject([
      { code: 'engine-too-old', message: expect.stringContaining('18.06.3-ce'), repairable: false },
    ]);
  });

  test('does not answer', async () => {
    const environment = await engineSocket('mute.sock', () => {});
    const { about } = await diagnose(arc, [], { environment });
    expect(about('engine')).toMatchObject([
      { code: 'no-engine', detail: [expect.stringMatching(/did not answer within \d+ ms/)] },
    ]);
  });

  test('belongs to root alone', needs('root', 'setpriv'), async () => {
    const environment = await engineSocket('private.sock', json({}));
    chmodSync(join(arc.folder, 'private.sock'), 0o600);
    const { exitCode, about } = await diagnose(arc, [], { environment, before: nobody });
    expect(exitCode).toBe(4);
    expect(about('engine')).toMatchObject([
      {
        code: 'engine-permission',
        message: expect.stringMatching(/^Only root may use the Docker Engine at /),
        suggestion: expect.stringMatching(/^run this with sudo, /),
      },
    ]);
  });

  test('belongs to a group: how to join it', needs('root', 'setpriv'), async () => {
    const environment = await engineSocket('shared.sock', json({}));
    chmodSync(join(arc.folder, 'shared.sock'), 0o660);
    chownSync(join(arc.folder, 'shared.sock'), 0, 54321);
    const { exitCode, about } = await diagnose(arc, [], { environment, before: nobody });
    expect(exitCode).toBe(4);
    expect(about('engine')).toMatchObject([
      {
        code: 'engine-permission',
        message: expect.stringMatching(/^Only root and the group 54321 may use the Docker Engine at /),
        suggestion: 'sudo usermod -aG 54321 nobody, then log in again',
      },
    ]);
  });

  test('is in a folder that this user may not enter', needs('root', 'setpriv'), async () => {
    mkdirSync(join(arc.folder, 'closed'));
    const environment = await engineSocket('closed/engine.sock', json({}));
    chmodSync(join(arc.folder, 'closed'), 0o700);
    const { about } = await diagnose(arc, [], { environment, before: nobody });
    expect(about('engine')).toMatchObject([
      {
        code: 'engine-permission',
        message: expect.stringMatching(/^You may not use the Docker Engine at /),
        suggestion: expect.stringContaining('who administers this machine'),
      },
    ]);
  });
});

const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

describe('a port that is held', needs('linux'), () => {
  const holdRtmp = async () => {
    const server = createServer().listen({ host: '127.0.0.1', port: 1935 });
    await once(server, 'listening');
    servers.push(server);
  };

  test('is named with the process that holds it and the key to change', async () => {
    await holdRtmp();
    const { exitCode, about } = await diagnose(arc, ['think']);
    expect(exitCode).toBe(4);
    expect(about('ports')).toMatchObject([
      {
        code: 'port-in-use',
        message: expect.stringMatching(
          new RegExp(
            `^Port 1935/tcp, wanted by arc-realtime-ingress \\(rtmp\\), is held by \\S+ \\(pid ${process.pid}\\)\\.$`,
          ),
        ),
        suggestion: expect.stringContaining('services/realtime/service.yaml → ports → rtmp → host'),
      },
    ]);
  });

  test('by another user, as that user is all that can be seen', needs('root', 'setpriv'), async () => {
    await holdRtmp();
    const { about } = await diagnose(arc, ['think'], { before: nobody });
    expect(about('ports')).toMatchObject([
      { message: expect.stringContaining('is held by a process of root, whose name only root may see.') },
    ]);
  });
});

describe('arc up looks first', needs('linux'), () => {
  const requests: string[] = [];
  /** An Engine that tells about itself and one container of somebody else. */
  const engine: RequestListener = (request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '').replace(/\?.*/, '');
    requests.push(`${request.method} ${path}`);
    const answers: Record<string, unknown> = {
      '/version': { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12' },
      '/info': { DockerRootDir: '/var/lib/docker', MemTotal: 8 * 1024 ** 3, NCPU: 2 },
      '/containers/json': [
        {
          Names: ['/their-redis'],
          State: 'running',
          Labels: {},
          Ports: [{ IP: '127.0.0.1', PrivatePort: 6379, PublicPort: 6379, Type: 'tcp' }],
        },
      ],
    };
    json(answers[path] ?? { message: 'no such thing' })(request, response);
  };

  test('and makes nothing but its lock where a port is held, here by another container', async () => {
    requests.length = 0;
    const environment = await engineSocket('other.sock', engine);
    const { exitCode, stderr } = await run(arc, ['up', 'think', '--yes'], { environment });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[port-in-use]');
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'Port 6379/tcp, wanted by arc-cache (redis), is held by the container their-redis.',
    );
    const named = requests.map((request) => request.replace(/arc-lock-.*/, '<lock>'));
    expect(named.toSorted()).toEqual([
      'DELETE /volumes/<lock>',
      'GET /containers/json',
      'GET /info',
      'GET /networks',
      'GET /version',
      // By the lock, and by the plan.
      'GET /volumes',
      'GET /volumes',
      'POST /volumes/create',
    ]);
  });
});

describe('the machine', needs('root', 'linux', 'unshare'), () => {
  /** Runs a shell script and then arc, in a mount namespace of their own. */
  const mounted = (script: string) => ['unshare', '--mount', 'sh', '-c', `${script} && exec "$@"`, 'sh'];

  test('has a read-only workspace', async () => {
    const before = mounted(
      `mount --bind ${arc.workspace} ${arc.workspace} && mount -o remount,ro,bind ${arc.workspace} && cd ${arc.workspace}`,
    );
    const { exitCode, about } = await diagnose(arc, [], { before });
    expect(exitCode).toBe(4);
    expect(about('workspace')).toMatchObject([
      { code: 'read-only-folder', message: `The workspace ${arc.workspace} is on a read-only file system.` },
    ]);
  });

  test('has no disk left where the workspace is', async () => {
    const before = mounted(
      `mkdir -p ${arc.folder}/copy && cp -r ${arc.workspace}/. ${arc.folder}/copy && mount -t tmpfs -o size=8m tmpfs ${arc.workspace} && cp -r ${arc.folder}/copy/. ${arc.workspace} && cd ${arc.workspace}`,
    );
    const { exitCode, about } = await diagnose(arc, [], { before });
    expect(exitCode).toBe(4);
    expect(about('disk')).toContainEqual(
      expect.objectContaining({
        code: 'disk-full',
        message: expect.stringMatching(/^Only [78] MB is free where the workspace is/),
      }),
    );
  });

  test('has no network: a warning, as images may be there or can be built', async () => {
    const { about } = await diagnose(arc, [], { before: ['unshare', '--net'] });
    expect(about('registry')).toMatchObject([{ state: 'warning', code: 'no-network' }]);
  });

  test('has a terminal of 40 columns and no locale', needs('script'), async () => {
    const command = `stty cols 40; LANG= ${arc.node} ${arc.program} --no-color doctor`;
    const { stdout } = await execa('script', ['-qec', command, '/dev/null'], {
      cwd: arc.workspace,
      stdin: 'ignore',
      reject: false,
    });
    const lines = stdout.split(/\r?\n/).filter((line) => line !== '');
    expect(lines.join(' ')).toContain('The terminal is 40 columns wide.');
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('export LANG=C.UTF-8');
    // A path without a space cannot be broken.
    for (const line of lines) if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe('--fix', () => {
  test('without a terminal and without --yes names the flag', async () => {
    const { exitCode, stderr } = await run(arc, ['doctor', '--fix']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
  });
});

test('outside of a workspace the machine alone is looked at', async () => {
  const { about } = await diagnose(arc, [], { cwd: '/' });
  expect(about('workspace')[0]).toMatchObject({ state: 'skipped' });
  expect(about('node')[0]).toMatchObject({ state: 'ok' });
});
