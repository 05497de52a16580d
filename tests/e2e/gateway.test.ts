import { readFileSync, writeFileSync } from 'node:fs';
import { request as overHttp } from 'node:http';
import { request as overHttps, type RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const up = ['up', 'gateway', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const secretKey = 'arc-dev-minio-password';
const accessKey = 'arc-dev-minio';

let stage: Stage;
let authority: string;

beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await stage.succeed([...up, 'storage', '--bases', 'local', '--yes']);
  authority = (await stage.succeed(['ca', 'show', '--pem'])).stdout;
}, 180_000);
afterAll(() => stage?.close());

type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: string };

/** Asks the gateway on this machine by a name, whatever the machine's own list of names says. */
async function ask(
  url: string,
  options: RequestOptions & { send?: (write: (bytes: Buffer) => void) => Promise<void> } = {},
): Promise<Answer> {
  const { send, ...rest } = options;
  const { hostname, protocol, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  return new Promise((resolve, reject) => {
    const call = (secure ? overHttps : overHttp)(
      {
        host: '127.0.0.1',
        port: secure ? 443 : 80,
        path: pathname + search,
        servername: hostname,
        ca: authority,
        ...rest,
        headers: { host: hostname, ...rest.headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    call.on('error', reject);
    if (send === undefined) call.end();
    else void send((bytes) => call.write(bytes)).then(() => call.end(), reject);
  });
}

const livekit = 'https://livekit.arc.local/';

describe('the gateway', () => {
  let upload: Promise<Answer>;

  it('leads to each service by its name, over TLS', async () => {
    expect(await ask(livekit)).toMatchObject({ status: 200, body: 'OK' });
    expect((await ask('https://storage.arc.local/')).headers.server).toBe('MinIO');
    expect((await ask('https://storage-console.arc.local/')).body).toContain('MinIO Console');
    expect((await ask('https://nobody.arc.local/')).status).toBe(404);
  });

  it('is not believed without its authority, nor for another name', async () => {
    await expect(ask(livekit, { ca: [] })).rejects.toThrow(/unable to (verify|get)/);
    await expect(ask('https://livekit.example.com/')).rejects.toThrow(/does not match/);
  });

  it('leads from HTTP to HTTPS', async () => {
    const { status, headers } = await ask('http://livekit.arc.local/rtc?x=1');
    expect([status, headers.location]).toEqual([301, 'https://livekit.arc.local/rtc?x=1']);
  });

  it('takes an upload that lasts longer than a minute', async () => {
    const client = new AwsClient({
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      service: 's3',
      region: 'us-east-1',
    });
    const signed = await client.sign('https://storage.arc.local/recordings/slow', {
      method: 'PUT',
      aws: { signQuery: true },
    });
    // It goes on while the other tests run, and is looked at by the last one.
    upload = ask(signed.url, {
      method: 'PUT',
      headers: { 'content-length': '70' },
      send: async (write) => {
        for (let second = 0; second < 70; second += 1) {
          write(Buffer.from('x'));
          await sleep(1_000);
        }
      },
    });
    upload.catch(() => {});
  });

  it('tells LiveKit the address that a client has, whatever that says of itself', async () => {
    const { stdout } = await stage.succeed(['token', '--room', 'forged', '--identity', 'mallory'], {
      answersWithSecret: true,
    });
    const token = stdout.trim();
    const forged = {
      'CF-Connecting-IP': '203.0.113.1',
      'X-Forwarded-For': '203.0.113.2',
      'X-Real-IP': '203.0.113.3',
      X_Real_Ip: '203.0.113.4',
      'True-Client-IP': '203.0.113.5',
    };
    await ask(`https://livekit.arc.local/rtc?access_token=${token}`, {
      headers: {
        ...forged,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
      timeout: 2_000,
    }).catch(() => undefined);
    const logs = await until({
      what: 'the server to have seen the participant',
      ask: async () => {
        const { stdout: lines } = await stage.succeed(['logs', 'realtime']);
        return lines.includes('mallory') ? lines : undefined;
      },
    });
    expect(logs).toMatch(/"clientIP": ?"172\./);
    expect(logs).not.toContain('203.0.113.');
  });

  it('loads a changed route while everything runs', { timeout: 60_000 }, async () => {
    const before = (await stage.engine.containers())['arc-gateway']?.id;
    stage.workspace.edit(
      'services/storage/service.yaml',
      '  - { host: storage, port: s3 }',
      '  - { host: files, port: s3, rate_limit: { average: 1, period: 1m, burst: 2 }, response_headers: { X-Tried: "yes" } }',
    );
    await stage.succeed(['generate']);
    await stage.succeed([...up, '--bases', 'local', '--yes']);
    expect((await stage.engine.containers())['arc-gateway']?.id).toBe(before);
    const answers: Answer[] = [];
    for (let call = 0; call < 3; call += 1) answers.push(await ask('https://files.arc.local/'));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 429]);
    expect(answers[0]?.headers['x-tried']).toBe('yes');
    expect((await ask(livekit)).status).toBe(200);
    expect((await ask('https://storage.arc.local/')).status).toBe(404);
  });

  it('keeps out whom a route does not allow', { timeout: 60_000 }, async () => {
    stage.workspace.edit(
      'services/realtime/service.yaml',
      '  - { host: livekit, port: http }',
      '  - { host: livekit, port: http, allow: [192.0.2.0/24] }',
    );
    await stage.succeed([...up, '--bases', 'local', '--yes']);
    expect((await ask(livekit)).status).toBe(403);
    stage.workspace.edit('services/realtime/service.yaml', ', allow: [192.0.2.0/24]', '');
    await stage.succeed([...up, '--bases', 'local', '--yes']);
    expect((await ask(livekit)).status).toBe(200);
  });

  it('is named by its routes in a hosts file, of which every other line stays', async () => {
    const file = stage.workspace.path('hosts');
    writeFileSync(file, '127.0.0.1 localhost\n# caf\xe9\n', 'latin1');
    const before = readFileSync(file);
    const { names } = resultOf<{ names: string[] }>((await stage.succeed(['hosts', '--json'])).stdout);
    expect(names).toContain('livekit.arc.local');
    await stage.succeed(['hosts', '--write', '--yes', '--file', file]);
    expect(readFileSync(file, 'latin1')).toContain(`127.0.0.1 ${names.join(' ')}\n`);
    await stage.succeed(['hosts', '--remove', '--yes', '--file', file]);
    expect(readFileSync(file)).toEqual(before);
    expect((await stage.arc(['hosts', '--write', '--file', file])).exitCode).toBe(2);
  });

  it('has taken the whole upload', { timeout: 120_000 }, async () => {
    expect((await upload).status).toBe(200);
  });
});
