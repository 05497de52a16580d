import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BaseBuild, ImagesContext } from '../../src/images/context.ts';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageMissing } from '../../src/images/model.ts';
import { openBench, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// What a boot is told, and when. mmdebstrap is a stand-in here: it fails for one package, and for another it never ends.

let bench: TestBench;
let context: ImagesContext;
const at = (name: string) => join(bench.folder, name);

beforeAll(async () => {
  bench = await openBench();
  mkdirSync(at('bin'));
  writeFileSync(
    at('bin/mmdebstrap'),
    `#!/bin/sh
case "$*" in
*arc-broken*)
  # The other one runs by now, where there are two cores.
  for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e ${at('pid')} ] || sleep 0.5; done
  echo 'E: no such package' >&2
  exit 25 ;;
*arc-good*)
  for file; do :; done
  exec tar --create --file="$file" --directory=${at('bin')} . ;;
*) echo $$ >${at('pid')}; exec sleep 600 ;;
esac
`,
  );
  chmodSync(at('bin/mmdebstrap'), 0o755);
  const PATH = `${at('bin')}:${process.env.PATH}`;
  context = {
    ...bench.context,
    mirrors: { 'docker.io': '127.0.0.1:9' },
    environment: { ...process.env, PATH },
  };
});
beforeEach(() => {
  bench.events.length = 0;
});
afterAll(() => bench?.close());

const built = (name: string, packages: string) =>
  tinyRequest({
    policy: 'local',
    name,
    recipe: [{ kind: 'debian', suite: 'bookworm', variant: 'extract', packages: [packages], links: {} }],
  });
const endless = () => built('endless', 'arc-endless');
const broken = () => built('broken', 'arc-broken');
const nowhere = () => tinyRequest({ policy: 'registry', name: 'nowhere', recipe: [] });

/** Goes on with nothing once an image is missing, as a boot does. */
function giveUp(): { told: ImageMissing[]; onMissing: (missing: readonly ImageMissing[]) => Promise<never> } {
  const told: ImageMissing[] = [];
  return {
    told,
    onMissing: (missing) => {
      told.push(...missing);
      return Promise.reject(new Error('given up'));
    },
  };
}

describe('an image that cannot be had', () => {
  it('in any way is told before anything is built', async () => {
    const { told, onMissing } = giveUp();
    await expect(ensureImages({ ...context, requests: [endless(), nowhere()], onMissing })).rejects.toThrow(
      'given up',
    );
    expect(told).toMatchObject([
      {
        role: 'nowhere',
        problem: {
          code: 'base-unavailable',
          suggestion: expect.stringContaining('name a mirror of the registry'),
        },
      },
    ]);
    expect(stepLines(bench.events).filter((line) => /buil\w+ base/.test(line))).toEqual([]);
  });

  it('because its recipe fails is told at once, and the builds that are under way are ended', async () => {
    const { told, onMissing } = giveUp();
    await expect(ensureImages({ ...context, requests: [endless(), broken()], onMissing })).rejects.toThrow(
      'given up',
    );
    expect(told).toMatchObject([{ role: 'broken' }]);
    // With one core the other one was never begun.
    if (existsSync(at('pid'))) {
      expect(existsSync(`/proc/${readFileSync(at('pid'), 'utf8').trim()}`)).toBe(false);
      expect(stepLines(bench.events).at(-1)).toMatch(
        /^failed endless build base .*: stopped, because arc could not get another image/,
      );
    }
  });

  it('is helped by what its recipe says, not by a mirror', async () => {
    const { missing } = await ensureImages({ ...context, requests: [broken()] });
    const { detail, suggestion } = missing[0]?.problem ?? {};
    expect(detail?.join('\n')).toContain('E: no such package');
    expect(suggestion).toBe(
      'fix what the last lines report, then run the same command again; finished builds are kept',
    );
  });

  it('is replaced by what takes its place', async () => {
    const instead = { ...built('other', 'arc-good'), role: 'nowhere' };
    const { ready, missing } = await ensureImages({
      ...context,
      requests: [nowhere()],
      onMissing: async () => [instead],
    });
    expect(missing).toEqual([]);
    expect(ready).toMatchObject([{ role: 'nowhere', reference: instead.image.reference, built: true }]);
  });
});

describe('this machine', () => {
  it('is prepared once, for all that will be built, before any of it', async () => {
    const asked: (readonly BaseBuild[])[] = [];
    const prepare = (builds: readonly BaseBuild[]) => {
      asked.push(builds);
      return Promise.reject(new Error('no mmdebstrap'));
    };
    await expect(ensureImages({ ...context, requests: [endless(), broken()], prepare })).rejects.toThrow(
      'no mmdebstrap',
    );
    expect(asked).toEqual([
      [
        { role: 'endless', kinds: ['debian'] },
        { role: 'broken', kinds: ['debian'] },
      ],
    ]);
    expect(stepLines(bench.events)).toEqual([]);
  });

  it('is not asked where nothing has to be built', async () => {
    const prepare = () => Promise.reject(new Error('asked'));
    const { missing } = await ensureImages({ ...context, requests: [nowhere()], prepare });
    expect(missing).toHaveLength(1);
  });

  it('lacks a tool: the recipe installs nothing, and says how to get it', async () => {
    const environment = { ...process.env, PATH: at('empty') };
    const { missing } = await ensureImages({ ...context, environment, requests: [broken()] });
    expect(missing[0]?.problem).toMatchObject({
      detail: expect.arrayContaining(['local recipe: The recipe needs mmdebstrap, which is not installed.']),
      suggestion: expect.stringContaining('apt-get install mmdebstrap debian-archive-keyring'),
    });
  });
});
