import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askFrontDoor, openSocket } from '../support/front-door.ts';
import { devLivekit } from '../support/rooms.ts';
import { type SeenClients, watchSeenClients } from '../support/seen-clients.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const selection = [
  ...['gateway', 'storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'],
  ...['--bases', 'local', '--yes'],
];

async function socketPath(room: string): Promise<string> {
  const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { identity: 'me', ttl: 600 });
  token.addGrant({ room, roomJoin: true });
  return `/rtc?protocol=16&access_token=${await token.toJwt()}`;
}

/** A PUT that is signed for a host name, as a browser gets one from an application. */
async function signedPut(key: string): Promise<string> {
  const client = new AwsClient({
    ...{ accessKeyId: 'arc-dev-minio', secretAccessKey: 'arc-dev-minio-password' },
    ...{ service: 's3', region: 'us-east-1' },
  });
  const { url } = await client.sign(`http://storage.arc.local/recordings/${key}?X-Amz-Expires=600`, {
    method: 'PUT',
    aws: { signQuery: true },
  });
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** A body that takes its time: one piece a second. */
async function putSlowly(options: { key: string; seconds: number }) {
  const { key, seconds } = options;
  const piece = Buffer.alloc(1000, 'x');
  return await askFrontDoor({
    ...{ host: 'storage.arc.local', path: await signedPut(key), method: 'PUT' },
    headers: { 'Content-Length': String(piece.length * seconds) },
    send: async (write) => {
      for (let sent = 0; sent < seconds; sent += 1) {
        write(piece);
        await sleep(1000);
      }
    },
  });
}

describe('routes of the gateway', () => {
  let stage: Stage;
  let seen: SeenClients;
  /** It takes 70 s, and everything else of this file happens beside it. */
  let upload: ReturnType<typeof putSlowly>;

  beforeAll(async () => {
    stage = await openStage({ settings: { tls: 'none' } });
    await stage.succeed(['up', ...selection]);
    seen = await watchSeenClients({ password: 'arc-dev-redis-password' });
    upload = putSlowly({ key: 'slow', seconds: 70 });
    // Whoever awaits it gets the error.
    upload.catch(() => undefined);
  });
  afterAll(async () => {
    await seen?.close();
    await stage?.close();
  });

  it('lead to each service by its host name, and to none by another', async () => {
    const ask = (host: string, path: string) => askFrontDoor({ host, path });
    expect(await ask('livekit.arc.local', '/')).toMatchObject({ status: 200, body: 'OK' });
    expect(await ask('storage.arc.local', '/minio/health/live')).toMatchObject({ status: 200 });
    const console = await ask('storage-console.arc.local', '/');
    expect(console.status).toBe(200);
    expect(console.body).toContain('<title>MinIO Console</title>');
    for (const other of ['127.0.0.1', 'arc.local', 'other.arc.local'])
      expect(await ask(other, '/')).toMatchObject({ status: 404 });
  });

  it('are asked by the health check, each by its name', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ +gateway livekit .*GET http:\/\/livekit\.arc\.local\/ at .*: 200 OK/);
    expect(stdout).toMatch(/✓ +realtime front-door .*ws:\/\/livekit\.arc\.local at .* let a participant in/);
    // Without TLS there is nothing inside it.
    expect(stdout).not.toContain('gateway turn');
  });

  it('make the gateway healthy for the Engine, too', async () => {
    const health = async () =>
      (await stage.engine.docker.getContainer('arc-gateway').inspect()).State.Health?.Status === 'healthy';
    await until({ what: 'that the Engine calls it healthy', ask: health });
  });

  it('lead to WHIP, which the server speaks itself, for those who have a token', async () => {
    const token = (await socketPath('whip')).split('access_token=')[1];
    const post = (headers: Record<string, string>) =>
      askFrontDoor({ host: 'livekit.arc.local', path: '/whip/v1', method: 'POST', headers });
    const offer = { 'Content-Type': 'application/sdp', 'Content-Length': '0' };
    expect(await post(offer)).toMatchObject({ status: 401 });
    // It reads the offer, which there is none of.
    expect(await post({ ...offer, Authorization: `Bearer ${token}` })).toMatchObject({ status: 400 });
  });

  it('tell LiveKit where a client is, whatever the client says', async () => {
    const forged = {
      ...{ 'CF-Connecting-IP': '203.0.113.1', 'X-Forwarded-For': '203.0.113.2', 'X-Real-IP': '203.0.113.3' },
      ...{ Forwarded: 'for=203.0.113.4', CF_Connecting_IP: '203.0.113.5', X_Real_Ip: '203.0.113.6' },
    };
    const host = 'livekit.arc.local';
    const [past, through] = [`past-${randomUUID()}`, `through-${randomUUID()}`];
    expect(await openSocket({ host, path: await socketPath(past), headers: forged, port: 7880 })).toBe(101);
    expect(await openSocket({ host, path: await socketPath(through), headers: forged })).toBe(101);
    const of = (room: string) => until({ what: 'the client', ask: () => seen.of(room)[0] });
    // The server would believe it.
    expect(await of(past)).toBe('203.0.113.1');
    const { NetworkSettings } = await stage.engine.docker.getContainer('arc-gateway').inspect();
    const network = Object.values(NetworkSettings.Networks)[0];
    // Docker's bridge, where connections from this machine come from.
    expect(await of(through)).toBe(network?.Gateway);
  });

  it('change without a new container and without a lost connection', async () => {
    const before = await stage.engine.containers();
    stage.workspace.edit(
      'services/storage/service.yaml',
      '  - { host: storage, port: s3 }\n',
      '  - { host: storage, port: s3, rate_limit: { average: 1, period: 1h, burst: 5 } }\n',
    );
    expect((await stage.succeed(['plan', ...selection.slice(0, -3)])).stdout).toMatch(
      /~ container arc-gateway +\(reloaded, not restarted/,
    );
    await stage.succeed(['up', ...selection]);
    const after = await stage.engine.containers();
    for (const name of ['arc-gateway', 'arc-realtime', 'arc-storage'])
      expect(after[name]?.startedAt, name).toBe(before[name]?.startedAt);
  });

  it('limit one route, and never hold up those who come back to a room', async () => {
    const statuses: (number | undefined)[] = [];
    for (let asked = 0; asked < 8; asked += 1)
      statuses.push((await askFrontDoor({ host: 'storage.arc.local', path: '/minio/health/live' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const path = await socketPath('many');
    const back: (number | undefined)[] = [];
    while (back.length < 50) back.push(await openSocket({ host: 'livekit.arc.local', path }));
    expect(new Set(back)).toEqual(new Set([101]));
  });

  it('refuse those who are not on the list', async () => {
    stage.workspace.edit(
      'services/storage/service.yaml',
      'allow: [127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "::1", fc00::/7]',
      'allow: [203.0.113.0/24]',
    );
    await stage.succeed(['up', ...selection]);
    const ask = (headers: Record<string, string>) =>
      askFrontDoor({ host: 'storage-console.arc.local', path: '/', headers });
    expect(await ask({})).toMatchObject({ status: 403 });
    expect(await ask({ 'X-Forwarded-For': '203.0.113.7', 'X-Real-IP': '203.0.113.7' })).toMatchObject({
      status: 403,
    });
  });

  it('ask for a login where they have one, and go to the longest path that fits', async () => {
    stage.workspace.edit(
      'services/storage/service.yaml',
      'routes:\n',
      [
        'routes:',
        '  - { host: guarded, port: console, auth: { basic: { user: ops, password: minio_root_password } } }',
        '  - { host: guarded, path: /minio/health, port: s3, ask: /minio/health/live }',
        '',
      ].join('\n'),
    );
    await stage.succeed(['up', ...selection]);
    const ask = async (path: string, login?: string) => {
      const headers =
        login === undefined ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
      return (await askFrontDoor({ host: 'guarded.arc.local', path, headers })).status;
    };
    await until({ what: 'the route', ask: async () => (await ask('/')) === 401 });
    expect(await ask('/', 'ops:wrong')).toBe(401);
    expect(await ask('/', 'other:arc-dev-minio-password')).toBe(401);
    expect(await ask('/', 'ops:arc-dev-minio-password')).toBe(200);
    expect(await ask('/minio/health/live')).toBe(200);
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ +gateway guarded .*GET http:\/\/guarded\.arc\.local\/ at .*: 200 OK/);
    expect(stdout).toMatch(/✓ +gateway guarded\/minio\/health .*\/minio\/health\/live at .*: 200 OK/);
    const { Mounts } = await stage.engine.docker.getContainer('arc-gateway').inspect();
    const folder = Mounts.find(({ Destination }) => Destination === '/etc/arc/dynamic')?.Source ?? '';
    const routes = readFileSync(join(folder, 'routes.yaml'), 'utf8');
    expect(routes).toMatch(/"ops:\$apr1\$/);
    expect(routes).not.toContain('arc-dev-minio-password');
  });

  it('do not cut an upload that takes 70 s, while routes change', async () => {
    expect(await upload).toMatchObject({ status: 200 });
  });

  it('are there again when the gateway was killed, without anybody', async () => {
    const { State } = await stage.engine.docker.getContainer('arc-gateway').inspect();
    process.kill(State.Pid, 'SIGKILL');
    await until({
      what: 'the gateway again',
      ask: async () => (await askFrontDoor({ host: 'livekit.arc.local', path: '/' })).status === 200,
    });
    const { State: again } = await stage.engine.docker.getContainer('arc-gateway').inspect();
    expect(again.Pid).not.toBe(State.Pid);
  });

  it('are missed by the health check, by name, while the gateway is away', async () => {
    await stage.engine.docker.getContainer('arc-gateway').stop();
    const { exitCode, output } = await stage.arc(['health']);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/✗ +arc-gateway +exited/);
    for (const name of ['gateway livekit', 'gateway storage', 'realtime front-door'])
      expect(output).toMatch(new RegExp(`\\? +${name} .*while arc-gateway is exited: connection refused`));
    expect(output.match(/^✗/gm)).toHaveLength(1);
    expect(output).toMatch(/✓ +realtime media /);
    // Those who go to the server itself are not held up.
    expect(await openSocket({ host: 'x', path: await socketPath('direct'), port: 7880 })).toBe(101);
    await stage.succeed(['up', ...selection]);
    expect(await askFrontDoor({ host: 'livekit.arc.local', path: '/' })).toMatchObject({ status: 200 });
  });
});
