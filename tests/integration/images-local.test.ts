import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import { localBaseReference } from '../../src/images/load-base.ts';
import { imageLabels } from '../../src/images/model.ts';
import { buildImages } from '../../src/images/provide.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import { tinyRecipe } from '../support/tiny-bases.ts';
import { openBench, runIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

let bench: TestBench;
const local = tinyRequest({ policy: 'local' });
const baseName = localBaseReference(local.image.upstream, recipeHash(tinyRecipe));

beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
});
beforeEach(() => {
  bench.events.length = 0;
});
afterAll(() => bench?.close());

async function removeImages(): Promise<void> {
  for (const name of [local.image.reference, baseName]) {
    await bench.docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => {});
  }
}

describe('a local base', () => {
  it('that can be had no way is missing, with the reasons', async () => {
    const { ready, missing } = await ensureImages({ ...bench.context, requests: [local], offline: true });
    expect(ready).toEqual([]);
    expect(missing).toEqual([
      {
        role: 'tiny',
        reference: local.image.reference,
        problem: {
          code: 'base-unavailable',
          message: 'arc could not get the base image of tiny, docker.io/arc-test/tiny:1.0.',
          detail: [
            'registry: not asked, the policy is "local"',
            'local recipe: has not been built on this machine, and needs the network',
          ],
          suggestion:
            'run it once without --offline, or bring the images along with `arc images save` and `arc images load`',
        },
      },
    ]);
  });

  it('is built once for two containers, and two wrappers', async () => {
    const other = tinyRequest({ policy: 'local' });
    const second = {
      ...other,
      role: 'second',
      image: { ...other.image, reference: 'arc-test.invalid/second:latest' },
    };
    const { ready } = await ensureImages({
      ...bench.context,
      requests: [local, { ...local, role: 'job' }, second],
    });
    expect(ready.map(({ role }) => role)).toEqual(['tiny', 'job', 'second']);
    const done = stepLines(bench.events).filter((line) => line.startsWith('done '));
    expect(done.map((line) => line.split(':')[0])).toEqual([
      'done tiny built base arc-base/tiny',
      'done tiny built image arc-test.invalid/tiny',
      'done second built image arc-test.invalid/second',
    ]);
  });

  it('is on the labels of the wrapper', async () => {
    const { Config, Id } = await bench.docker.getImage(local.image.reference).inspect();
    const base = await bench.docker.getImage(baseName).inspect();
    expect(Id).toMatch(/^sha256:/);
    expect(Config.Labels).toMatchObject({
      [imageLabels.baseSource]: 'local',
      [imageLabels.baseId]: base.Id,
      [imageLabels.recipe]: recipeHash(tinyRecipe),
      [imageLabels.baseName]: 'docker.io/arc-test/tiny:1.0',
      'arc.service.role': 'tiny',
    });
    expect(
      await runIn(bench.docker, local.image.reference, ['sh', '-c', 'echo mine > /data/x && echo ok']),
    ).toContain('ok');
  });

  it('comes from the cache where the Engine has lost it, without the network, as the same image', async () => {
    const before = await bench.docker.getImage(baseName).inspect();
    await removeImages();
    const { ready } = await ensureImages({ ...bench.context, requests: [local], offline: true });
    expect(ready).toHaveLength(1);
    expect(stepLines(bench.events)[0]).toContain('running tiny loading base');
    expect((await bench.docker.getImage(baseName).inspect()).Id).toBe(before.Id);
  });

  it('is not built anew when the Dockerfile changes; the wrapper is', async () => {
    const changed = { ...local, dockerfile: `${local.dockerfile}LABEL changed=yes\n` };
    const { ready } = await ensureImages({ ...bench.context, requests: [changed], offline: true });
    expect(ready[0]?.built).toBe(true);
    expect(stepLines(bench.events).some((line) => line.includes(' base arc-base/'))).toBe(false);
    const { Config } = await bench.docker.getImage(local.image.reference).inspect();
    expect(Config.Labels.changed).toBe('yes');
  });

  it('does not do where the registry is asked for', async () => {
    const { missing } = await ensureImages({
      ...bench.context,
      requests: [{ ...local, policy: 'registry' }],
      offline: true,
    });
    expect(missing[0]?.problem.detail).toEqual([
      'registry: not asked while offline, and the image is not on the Engine',
      'local recipe: not used, the policy is "registry"',
    ]);
  });

  it('is built anew when that is asked for', async () => {
    await buildImages({ ...bench.context, requests: [local], refresh: true });
    expect(stepLines(bench.events)[0]).toContain('running tiny building base');
  });

  it('whose packages do not exist is missing, with what apt said', async () => {
    const request = tinyRequest({
      policy: 'local',
      name: 'broken',
      recipe: [
        {
          kind: 'debian',
          suite: 'bookworm',
          variant: 'extract',
          packages: ['arc-no-such-package'],
          links: {},
        },
      ],
    });
    const { missing } = await ensureImages({ ...bench.context, requests: [request] });
    const detail = missing[0]?.problem.detail?.join('\n');
    expect(detail).toMatch(/local recipe: mmdebstrap --variant=extract failed with exit status \d+/);
    expect(detail).toContain('arc-no-such-package');
  });

  it('whose wrapper cannot be built is missing, with the build’s last lines', async () => {
    const request = { ...local, dockerfile: `${local.dockerfile}RUN /bin/busybox false\n` };
    const { missing } = await ensureImages({ ...bench.context, requests: [request] });
    expect(missing[0]?.problem).toMatchObject({
      code: 'image-build-failed',
      message: expect.stringContaining('returned a non-zero code: 1'),
      detail: expect.arrayContaining([expect.stringContaining('RUN /bin/busybox false')]),
    });
  });
});

describe('a build that is cut short', () => {
  const bases = () => join(bench.context.cacheDirectory, 'bases');
  const request = tinyRequest({
    policy: 'local',
    name: 'slow',
    recipe: [
      {
        kind: 'debian',
        suite: 'bookworm',
        variant: 'extract',
        packages: ['busybox-static', 'curl'],
        links: {},
      },
    ],
  });
  const key = `${recipeHash(request.recipe ?? [])}-`;
  const leftovers = () => readdirSync(bases()).filter((name) => name.startsWith(key));

  it('by an interrupt ends its tools, and leaves nothing', async () => {
    const controller = new AbortController();
    const building = ensureImages({ ...bench.context, signal: controller.signal, requests: [request] });
    setTimeout(() => controller.abort(new Error('interrupted')), 1000);
    await expect(building).rejects.toThrow('interrupted');
    expect(leftovers()).toEqual([]);
  });

  it('by SIGKILL leaves nothing that looks like a base, and the next one clears up and succeeds', async () => {
    const script = fileURLToPath(new URL('images-build-slow.ts', import.meta.url));
    const child = spawn(process.execPath, [script, bench.context.cacheDirectory], { stdio: 'ignore' });
    await untilTrue(() => existsSync(bases()) && leftovers().some((name) => name.endsWith('.tmp')));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await endOrphans(bench.context.cacheDirectory);
    expect(leftovers().some((name) => name.endsWith('.tmp'))).toBe(true);
    expect(leftovers().some((name) => !/\.(?:tmp|lock)$/.test(name))).toBe(false);

    const { ready } = await ensureImages({ ...bench.context, requests: [request] });
    expect(ready).toHaveLength(1);
    expect(leftovers().filter((name) => /\.(?:tmp|lock)$/.test(name))).toEqual([]);
  });
});

describe('two arcs that want the same base', () => {
  it('build it once: the second waits, and says for whom', async () => {
    const request = tinyRequest({
      policy: 'local',
      name: 'shared',
      recipe: [
        {
          kind: 'debian',
          suite: 'bookworm',
          variant: 'extract',
          packages: ['busybox-static', 'netbase'],
          links: {},
        },
      ],
    });
    const other = {
      ...request,
      role: 'other',
      image: { ...request.image, reference: 'arc-test.invalid/other:latest' },
    };
    const outcomes = await Promise.all(
      [request, other].map((each) => ensureImages({ ...bench.context, requests: [each] })),
    );
    expect(outcomes.flatMap(({ ready }) => ready)).toHaveLength(2);
    const lines = stepLines(bench.events).join('\n');
    expect(lines).toContain(`waiting for the build of the same base: process ${process.pid}`);
    const running = (role: string) =>
      lines.includes(`running ${role} building base`) &&
      new RegExp(`running ${role} .*apt-get update`).test(lines);
    expect([running('shared'), running('other')].filter(Boolean)).toHaveLength(1);
  });
});

/** Ends the tools that a killed process has left running, found by the path that they write to. */
async function endOrphans(path: string): Promise<void> {
  const orphans = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path);
      } catch {
        return false;
      }
    });
  for (const pid of orphans()) process.kill(Number(pid), 'SIGINT');
  await untilTrue(() => orphans().length === 0);
}

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
