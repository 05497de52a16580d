import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArcError } from '../../core/errors.ts';
import { compareVersions, connectDocker } from './connect.ts';
import { findEndpoints } from './endpoint.ts';

let folder: string;
const servers: { close: () => void }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-connect-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});

/** Something on a socket that says it is an Engine. */
async function engine(path: string, version: object): Promise<string> {
  const server: Server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({ Version: '29.0.0', ApiVersion: '1.52', MinAPIVersion: '1.44', ...version }),
    );
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  servers.push(server);
  return `unix://${path}`;
}

function connect(environment: Record<string, string>, deadlineMilliseconds = 2_000) {
  return connectDocker({
    environment: { HOME: folder, XDG_RUNTIME_DIR: folder, ...environment },
    deadlineMilliseconds,
  });
}

async function problemOf(attempt: Promise<unknown>) {
  const error = (await attempt.catch((thrown: unknown) => thrown)) as ArcError;
  return { ...error.problems[0], status: error.status };
}

function makeContext(name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, '.docker', 'contexts', 'meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  writeFileSync(join(folder, '.docker', 'config.json'), JSON.stringify({ currentContext: name }));
}

describe('an address that leads to no Engine', () => {
  test.each([
    ['/var/run/docker.sock', 'put unix:// in front: DOCKER_HOST=unix:///var/run/docker.sock'],
    ['unix:/var/run/docker.sock', 'a socket has an absolute path: DOCKER_HOST=unix:///var/run/docker.sock'],
    ['unix://var/run/docker.sock', 'a socket has an absolute path: DOCKER_HOST=unix:///var/run/docker.sock'],
    ['"unix:///a.sock"', 'leave out the quotes and the spaces: DOCKER_HOST=unix:///a.sock'],
    ['tcp://', 'name the host: DOCKER_HOST=tcp://<host>:2375'],
    ['gopher://x', 'use unix://<path of a socket>, tcp://<host>:<port> or ssh://<user>@<host>'],
  ])('%s is told what was meant', async (address, suggestion) => {
    expect(await problemOf(connect({ DOCKER_HOST: address }))).toMatchObject({
      code: 'bad-engine-address',
      status: 4,
      message: `DOCKER_HOST is "${address}", which is not the address of a Docker Engine.`,
      suggestion,
    });
  });

  test.each([
    ['ssh://ada:hunter22@box', 'ssh://ada:…@box', 'has a password in it; ssh takes none from an address'],
    ['ssh://-oProxyCommand=x', 'ssh://-oProxyCommand=x', 'has a name that begins with -'],
    ['ssh://', 'ssh://', 'names no host'],
    ['ssh://box?x=1', 'ssh://box?x=1', 'has a query or a fragment'],
  ])('%s is refused before ssh sees it', async (address, shown, wrong) => {
    expect(await problemOf(connect({ DOCKER_HOST: address }))).toMatchObject({
      code: 'bad-engine-address',
      status: 4,
      message: `DOCKER_HOST is "${shown}", which ${wrong}.`,
    });
  });

  test('a port without TLS is told from an Engine that is down', async () => {
    const server = createTcpServer((socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const { port } = server.address() as { port: number };
    const asked = connect({ DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' });
    expect(await problemOf(asked)).toMatchObject({
      detail: [`DOCKER_HOST, tcp://127.0.0.1:${port}: does not speak TLS`],
      suggestion: 'unset DOCKER_TLS_VERIFY and DOCKER_TLS, or name the port with TLS (2376)',
    });
  });

  test('a port with TLS says so to whoever does not speak it', async () => {
    const server = createServer((_, response) => {
      response.statusCode = 400;
      response.end('Client sent an HTTP request to an HTTPS server.\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const { port } = server.address() as { port: number };
    expect(await problemOf(connect({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }))).toMatchObject({
      detail: [`DOCKER_HOST, tcp://127.0.0.1:${port}: speaks TLS only`],
      suggestion: 'set DOCKER_TLS_VERIFY=1',
    });
  });
});

describe('connecting to an Engine', () => {
  test('says what else answers where an Engine should', async () => {
    const address = await engine(join(folder, 'a.sock'), { ApiVersion: undefined });
    expect(await problemOf(connect({ DOCKER_HOST: address }))).toMatchObject({
      code: 'no-engine',
      detail: [`DOCKER_HOST, ${address}: answers, but is not a Docker Engine`],
    });
  });

  test('takes DOCKER_HOST, and says what answered', async () => {
    const address = await engine(join(folder, 'a.sock'), {
      Version: '20.10.24',
      ApiVersion: '1.41',
      MinAPIVersion: '1.12',
    });
    const connection = await connect({ DOCKER_HOST: address });
    expect(connection).toMatchObject({
      endpoint: { source: 'DOCKER_HOST', address },
      engineVersion: '20.10.24',
      apiVersion: '1.41',
    });
    connection.close();
  });

  test.each([
    ['an old Engine in its own version', '1.41', '1.12', '1.41'],
    ['a new one in its own newest version', '1.52', '1.44', '1.52'],
    ['a newer one in the newest version that arc knows', '1.60', '1.44', '1.56'],
    ['a future one in the oldest version that it still takes', '1.70', '1.58', '1.58'],
  ])('speaks to %s', async (_, ApiVersion, MinAPIVersion, spoken) => {
    const address = await engine(join(folder, 'a.sock'), { ApiVersion, MinAPIVersion });
    const connection = await connect({ DOCKER_HOST: address });
    expect(connection.apiVersion).toBe(spoken);
    connection.close();
  });

  test('refuses an Engine that is too old', async () => {
    const address = await engine(join(folder, 'a.sock'), { Version: '19.03.8', ApiVersion: '1.40' });
    expect(await problemOf(connect({ DOCKER_HOST: address }))).toMatchObject({
      status: 4,
      code: 'engine-too-old',
      message: `The Docker Engine 19.03.8 at ${address} is too old.`,
    });
  });

  test('takes the chosen Docker context', async () => {
    makeContext('colima', await engine(join(folder, 'colima.sock'), {}));
    const connection = await connect({});
    expect(connection.endpoint.source).toBe('Docker context "colima"');
    connection.close();
  });

  test('says so when the chosen context does not exist', async () => {
    expect(await problemOf(connect({ DOCKER_CONTEXT: 'gone' }))).toMatchObject({
      status: 4,
      code: 'docker-context-unknown',
      message: 'The Docker context "gone" is chosen, but it does not exist.',
    });
  });

  test('does not look elsewhere when the chosen endpoint is dead', async () => {
    await engine(join(folder, 'docker.sock'), {});
    expect(await problemOf(connect({ DOCKER_HOST: `unix://${folder}/nothing.sock` }))).toMatchObject({
      status: 4,
      code: 'no-engine',
      message: 'The Docker Engine of DOCKER_HOST does not answer.',
      detail: [`DOCKER_HOST, unix://${folder}/nothing.sock: does not exist`],
      suggestion: 'start that Engine, or unset DOCKER_HOST',
    });
  });

  test('tells the ways to fail apart', async () => {
    const mute = createTcpServer().listen(join(folder, 'mute.sock'));
    servers.push(mute);
    writeFileSync(join(folder, 'file.sock'), '');
    const reason = async (address: string): Promise<string | undefined> =>
      (await problemOf(connect({ DOCKER_HOST: address }, 200))).detail?.[0]?.replace(/^.*?: /, '');
    expect(await reason(`unix://${folder}/file.sock`)).toMatch(/nothing listens|not a socket/);
    expect(await reason(`unix://${folder}/mute.sock`)).toMatch(/^did not answer within \d+ ms$/);
    expect(await reason('tcp://127.0.0.1:1')).toMatch(/nothing listens/);
  });
});

describe('where an Engine is looked for', () => {
  const places = (environment: Record<string, string>): readonly string[] =>
    findEndpoints({ HOME: folder, XDG_RUNTIME_DIR: '/run/user/7', ...environment }).map(
      ({ source, address }) => `${source} ${address}`,
    );

  test('is the system, rootless, Docker Desktop and Podman, in this order', () => {
    expect(places({})).toEqual([
      'system socket unix:///var/run/docker.sock',
      'rootless unix:///run/user/7/docker.sock',
      `Docker Desktop unix://${folder}/.docker/run/docker.sock`,
      `Docker Desktop unix://${folder}/.docker/desktop/docker.sock`,
      'Podman unix:///run/user/7/podman/podman.sock',
      'Podman unix:///run/podman/podman.sock',
    ]);
  });

  test('is what was chosen and nothing else', () => {
    makeContext('colima', 'unix:///colima.sock');
    expect(places({ DOCKER_HOST: 'tcp://10.0.0.5:2375' })).toEqual(['DOCKER_HOST tcp://10.0.0.5:2375']);
    expect(places({ DOCKER_HOST: 'localhost:2375' })).toEqual(['DOCKER_HOST tcp://localhost:2375']);
    expect(places({})).toEqual(['Docker context "colima" unix:///colima.sock']);
    expect(places({ DOCKER_CONTEXT: 'default' })[0]).toBe('system socket unix:///var/run/docker.sock');
  });

  test('takes certificates for TLS from DOCKER_CERT_PATH', () => {
    writeFileSync(join(folder, 'ca.pem'), 'CA');
    const [endpoint] = findEndpoints({
      DOCKER_HOST: 'tcp://10.0.0.5:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: folder,
    });
    expect(endpoint?.tls).toEqual({ ca: 'CA', verify: true });
  });
});

test.each([
  ['1.9', '1.41', -1],
  ['1.41', '1.41', 0],
  ['2.0', '1.52', 1],
])('version %s compared with %s', (left, right, sign) => {
  expect(Math.sign(compareVersions(left, right))).toBe(sign);
});
