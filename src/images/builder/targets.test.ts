import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildTargets, checkDockerfiles, type WantedImage } from './targets.ts';

const wanted = (role: string): WantedImage => ({
  role,
  name: `arc-${role}`,
  image: {
    reference: `ghcr.io/owner/arc-${role}:latest`,
    upstream: 'redis:7.4',
    user: '65532:65532',
    owned: [],
    dockerfile: 'Dockerfile',
    folder: `services/${role}`,
    labels: {},
  },
  dockerfile: `FROM redis\nLABEL role=${role}\n`,
});

describe('what the builder is given', () => {
  it('goes to the repository of the image, and has the labels of this build and of its base', () => {
    const base = {
      reference: 'redis:7.4',
      pinned: 'mirror.example/library/redis@sha256:1',
      digest: 'sha256:1',
    };
    const [target] = buildTargets({
      images: [wanted('cache')],
      bases: new Map([['redis:7.4', base]]),
      labels: { version: 'v0.1.0' },
    });
    expect(target).toMatchObject({
      repository: { registry: 'ghcr.io', repository: 'owner/arc-cache' },
      folder: 'services/cache',
      base,
      labels: {
        version: 'v0.1.0',
        'org.opencontainers.image.base.name': 'docker.io/library/redis:7.4',
        'org.opencontainers.image.base.digest': 'sha256:1',
      },
    });
  });

  it('is published on a base of a registry where none has its own, with what the base does not have', () => {
    const base = { reference: 'postgres:18', pinned: 'postgres@sha256:2', digest: 'sha256:2' };
    const npm = { kind: 'npm', folder: '../worker', target: '/opt/worker', node: '24.21.0' } as const;
    const model = {
      kind: 'pypi',
      package: 'a-voice',
      version: '1',
      hashes: [],
      files: {},
      programs: {},
    } as const;
    const libpq = { ...model, package: 'libpq', in_release_base: true } as const;
    const python = { kind: 'python', folder: '../ears', target: '/opt/ears', python: '3.11' } as const;
    const elsewhere = '/usr/local/bin/python3.11';
    const debian = {
      kind: 'debian',
      suite: 'bookworm',
      packages: [],
      variant: 'extract',
      links: {},
    } as const;
    const worker = wanted('worker');
    const upstream = 'localhost/worker:0.1.0';
    const image = {
      ...worker.image,
      upstream,
      releaseBase: 'postgres:18',
      recipe: [debian, libpq, model, npm, { ...python, python_in_release_base: elsewhere }],
    };
    const [target] = buildTargets({
      images: [{ ...worker, image }],
      bases: new Map([['postgres:18', base]]),
      labels: {},
    });
    expect(target).toMatchObject({
      base,
      program: { named: upstream, recipe: [model, npm, { ...python, interpreter: elsewhere }] },
    });
    expect(target?.labels['org.opencontainers.image.base.name']).toBe('docker.io/library/postgres:18');
  });
});

describe('the Dockerfiles on disk', () => {
  let root: string;
  const write = (role: string, text: string) => {
    mkdirSync(join(root, 'services', role), { recursive: true });
    writeFileSync(join(root, 'services', role, 'Dockerfile'), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'arc-targets-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are what follows from the manifests, below a header', async () => {
    write('cache', `# Generated.\n# sha256:1\n${wanted('cache').dockerfile}`);
    await checkDockerfiles({ root, images: [wanted('cache')] });
  });

  it('are each named where they are missing or something else', async () => {
    write('cache', `# Generated.\n# sha256:1\n${wanted('cache').dockerfile}USER root\n`);
    await expect(
      checkDockerfiles({ root, images: [wanted('cache'), wanted('storage')] }),
    ).rejects.toMatchObject({
      status: 2,
      problems: [
        {
          code: 'dockerfile-outdated',
          message: expect.stringContaining('services/cache/Dockerfile does not match'),
        },
        {
          code: 'dockerfile-missing',
          message: expect.stringContaining('services/storage/Dockerfile does not exist'),
        },
      ],
    });
  });
});
