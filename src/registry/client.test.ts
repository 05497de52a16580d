import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistryClient, type RegistryClient } from './client.ts';
import { digestOf } from './digest.ts';
import { mediaTypes } from './model.ts';
import { type GivenAnswer, type SeenRequest, startServer, type TestServer } from './server.fixture.ts';

// What registries do that cannot be had here. The rest is tested with real ones, in tests/integration.

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-client-'));
  closing.push(() => rmSync(folder, { recursive: true }));
});

async function serve(
  answer: (request: SeenRequest) => GivenAnswer | Promise<GivenAnswer>,
): Promise<TestServer> {
  const server = await startServer(answer);
  closing.push(server.close);
  return server;
}

/** A client with a login to one registry. */
function open(options: {
  registry: string;
  environment?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}): RegistryClient {
  const auth = Buffer.from('me:my-password').toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [options.registry]: { auth } } }));
  const client = openRegistryClient({
    environment: { DOCKER_CONFIG: folder, ...options.environment },
    signal: options.signal ?? new AbortController().signal,
    policy: { attempts: 2, firstDelay: 1, longestDelay: 1, deadline: 20_000 },
  });
  closing.push(client.close);
  return client;
}

/** Lets in whoever shows a login. */
const behindLogin =
  (answer: (request: SeenRequest) => GivenAnswer) =>
  (request: SeenRequest): GivenAnswer =>
    request.authorization === undefined
      ? { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
      : answer(request);

const bytes = Buffer.from('content');
const digest = digestOf(bytes);
const index = (manifests: readonly object[]): GivenAnswer => ({
  status: 200,
  headers: { 'content-type': mediaTypes.index },
  body: JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }),
});
const descriptor = (text: string) => ({
  mediaType: mediaTypes.manifest,
  digest: digestOf(Buffer.from(text)),
  size: 1,
});

describe('a login', () => {
  it('does not go along to the storage that a registry sends readers to', async () => {
    const storage = await serve(() => ({ status: 200, body: bytes }));
    const registry = await serve(
      behindLogin(() => ({ status: 307, headers: { location: `http://${storage.address}/blob?permit=1` } })),
    );
    const client = open({ registry: registry.address });
    const repo = { registry: registry.address, repository: 'a/b' };
    expect(await client.blob(repo, digest, { limitBytes: 100 })).toEqual(bytes);
    expect(storage.seen).toEqual([{ line: 'GET /blob?permit=1', authorization: undefined, body: '' }]);
  });

  it('does not go along to the storage that a registry sends uploads to', async () => {
    const storage = await serve(() => ({ status: 201 }));
    const registry = await serve(
      behindLogin(({ line }) =>
        line.startsWith('POST')
          ? { status: 202, headers: { location: `http://${storage.address}/up?permit=1` } }
          : { status: 404 },
      ),
    );
    const client = open({ registry: registry.address });
    await client.putBlob({ registry: registry.address, repository: 'a/b' }, bytes);
    expect(storage.seen).toEqual([
      {
        line: `PUT /up?permit=1&digest=${encodeURIComponent(digest)}`,
        authorization: undefined,
        body: 'content',
      },
    ]);
  });

  it('is not shown to a registry that does not ask', async () => {
    const registry = await serve(() => ({ status: 404 }));
    await open({ registry: registry.address }).tags({ registry: registry.address, repository: 'a/b' });
    expect(registry.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});

describe('what is pushed', () => {
  it('goes nowhere unencrypted but on this machine', async () => {
    const registry = await serve(({ line }) =>
      line.startsWith('POST')
        ? { status: 202, headers: { location: 'http://192.0.2.1/up' } }
        : { status: 404 },
    );
    const pushing = open({ registry: registry.address }).putBlob(
      { registry: registry.address, repository: 'a/b' },
      bytes,
    );
    await expect(pushing).rejects.toThrow('leads to http://192.0.2.1, where nothing is encrypted');
  });

  it.each([
    ['a path', '/v2/a/b/blobs/uploads/1?_state=x'],
    ['a name', '1?_state=x'],
  ])('goes where the registry says by %s', async (_case, location) => {
    const registry = await serve(({ line }) => {
      if (line.startsWith('POST')) return { status: 202, headers: { location } };
      return { status: line.startsWith('PUT') ? 201 : 404 };
    });
    await open({ registry: registry.address }).putBlob(
      { registry: registry.address, repository: 'a/b' },
      bytes,
    );
    expect(registry.seen.at(-1)?.line).toBe(
      `PUT /v2/a/b/blobs/uploads/1?_state=x&digest=${encodeURIComponent(digest)}`,
    );
  });
});

describe('tags', () => {
  it('are read page by page', async () => {
    const registry = await serve(({ line }) => {
      const last = new URL(line.slice(4), 'http://x').searchParams.get('last');
      return last === null
        ? {
            status: 200,
            headers: { link: '</v2/a/b/tags/list?n=1000&last=v1>; rel="next"' },
            body: '{"tags":["v0","v1"]}',
          }
        : { status: 200, body: '{"tags":["v2"]}' };
    });
    const repo = { registry: registry.address, repository: 'a/b' };
    expect(await open({ registry: registry.address }).tags(repo)).toEqual(['v0', 'v1', 'v2']);
  });

  it('without an end are given up', async () => {
    const registry = await serve(({ line }) => ({
      status: 200,
      headers: { link: `<${line.slice(4)}>; rel="next"` },
      body: '{"tags":["v0"]}',
    }));
    const repo = { registry: registry.address, repository: 'a/b' };
    await expect(open({ registry: registry.address }).tags(repo)).rejects.toThrow('more than 100 pages');
  });
});

describe('what is attached', () => {
  const fallback = new RegExp(`^GET /v2/a/b/manifests/${digest.replace(':', '-')}$`);
  const listed = descriptor('sbom');

  it.each([
    ['sends to a web page, as GHCR does', { status: 303, headers: { location: '/not-for-programs' } }],
    ['knows no such address', { status: 404 }],
    ['knows no such method', { status: 405 }],
    ['takes the digest for a bad name', { status: 400 }],
    ['answers with a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ])('is read from the fallback tag of a registry that %s', async (_case, answer) => {
    const registry = await serve(({ line }) => {
      if (line.includes('/referrers/')) return answer;
      return fallback.test(line) ? index([listed]) : { status: 500 };
    });
    const repo = { registry: registry.address, repository: 'a/b' };
    const found = await open({ registry: registry.address }).referrers(repo, digest);
    expect(found).toEqual([listed]);
    expect(registry.seen.map(({ line }) => line)).not.toContain('GET /not-for-programs');
  });

  it('is read page by page, and chosen by its type', async () => {
    const typed = { ...descriptor('provenance'), artifactType: 'application/vnd.in-toto+json' };
    const registry = await serve(({ line }) =>
      line.includes('page=2')
        ? index([typed])
        : {
            ...index([listed]),
            headers: {
              'content-type': mediaTypes.index,
              link: `</v2/a/b/referrers/${digest}?page=2>; rel="next"`,
            },
          },
    );
    const client = open({ registry: registry.address });
    const repo = { registry: registry.address, repository: 'a/b' };
    expect(await client.referrers(repo, digest)).toEqual([listed, typed]);
    const { artifactType } = typed;
    expect(await client.referrers(repo, digest, { artifactType })).toEqual([typed]);
  });

  it('is added to a list that others have written, whose entries stay', async () => {
    const others = { ...listed, data: 'e30=', annotations: { by: 'somebody' } };
    let kept = index([others]);
    const registry = await serve(({ line, body }) => {
      if (line.startsWith('HEAD')) return { status: 200 };
      if (fallback.test(line)) return kept;
      if (line.startsWith('PUT') && line.includes('/sha256-')) kept = { ...kept, body };
      return { status: line.startsWith('PUT') ? 201 : 404 };
    });
    const repo = { registry: registry.address, repository: 'a/b' };
    const artifact = {
      subject: { mediaType: mediaTypes.index, digest, size: bytes.length },
      artifactType: 'application/spdx+json',
      layers: [],
    };
    const client = open({ registry: registry.address });
    // At the same time: a list that both have read would lose one of them.
    const attached = await Promise.all([
      client.attach(repo, artifact),
      client.attach(repo, { ...artifact, artifactType: 'application/vnd.in-toto+json' }),
    ]);
    const found = await client.referrers(repo, digest);
    expect(found[0]).toEqual(others);
    expect(found.slice(1).map((entry) => entry.digest)).toEqual(attached.map((entry) => entry.digest));
  });
});

describe('a proxy', () => {
  /** One that notes what it is asked, and passes nothing on. */
  async function proxy() {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    });
    server.on('connect', ({ url }, socket) => {
      asked.push(`CONNECT ${url}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it('of the environment is on the way to other machines', async () => {
    const { asked, url } = await proxy();
    const client = open({ registry: 'registry.invalid', environment: { HTTPS_PROXY: url } });
    const asking = client.tags({ registry: 'registry.invalid', repository: 'a/b' });
    await expect(asking).rejects.toMatchObject({ code: 'registry-unreachable' });
    expect(asked).toEqual(['CONNECT registry.invalid:443']);
  });

  it('is not on the way to this machine', async () => {
    const { asked, url } = await proxy();
    const registry = await serve(() => ({ status: 200, body: '{"tags":["v1"]}' }));
    const environment = { HTTPS_PROXY: url, HTTP_PROXY: url, http_proxy: url };
    const client = open({ registry: registry.address, environment });
    expect(await client.tags({ registry: registry.address, repository: 'a/b' })).toEqual(['v1']);
    expect(asked).toEqual([]);
  });
});
