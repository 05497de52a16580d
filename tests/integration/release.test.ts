import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArcEvent } from '../../src/core/event.ts';
import { openReleaseStage, type ReleaseStage } from './release-kit.ts';

// A real registry with a login, a real repository with a remote, and GitHub's release endpoints in this process.

let stage: ReleaseStage;
beforeEach(async () => {
  stage = await openReleaseStage();
});
afterEach(() => stage.close());

const doneSteps = (events: readonly ArcEvent[]) =>
  events.flatMap((event) => (event.type === 'step' && event.phase === 'done' ? [event.id] : []));

describe('a release', () => {
  test('gives every image its tags, attaches where it comes from, tags the commit and publishes', async () => {
    const { images } = await stage.release();
    const outcome = await stage.outcome();
    const commit = stage.git('rev-parse', 'HEAD').slice(0, 12);
    for (const { name, role } of stage.request.images) {
      const digest = images.get(role)?.digest;
      expect(outcome.tags[name]).toEqual({
        latest: digest,
        'realtime-v0.1.0': digest,
        [`sha-${commit}`]: digest,
        'v0.1.0': digest,
      });
      expect(outcome.attached[name]).toEqual(['application/vnd.in-toto+json']);
    }
    expect(outcome.gitTags).toEqual(['realtime/v0.1.0']);
    expect(outcome.releases).toMatchObject([{ tag: 'realtime/v0.1.0', draft: false }]);
    expect(Object.keys(outcome.releases[0]?.assets ?? {}).sort()).toEqual([
      'digests.json',
      'realtime-v0.1.0-compose.tar.gz',
    ]);
  });

  test('writes into digests.json and the notes what was built', async () => {
    const { images } = await stage.release();
    const [release] = stage.github.releases;
    const asset = release?.assets.find(({ name }) => name === 'digests.json');
    const content = JSON.parse(String(stage.github.content.get(asset?.id ?? 0)));
    expect(content).toMatchObject({
      service: 'realtime',
      version: 'v0.1.0',
      revision: stage.git('rev-parse', 'HEAD'),
      images: [
        { name: 'arc-realtime', digest: images.get('realtime')?.digest },
        { name: 'arc-realtime-ingress' },
      ],
    });
    expect(release?.body).toContain('- the service ([');
    expect(release?.body).toContain(images.get('realtime')?.digest);
  });

  test('that is finished has nothing to do, and builds nothing', async () => {
    await stage.release();
    const before = await stage.outcome();
    expect((await stage.plan()).lines.at(-2)).toBe('0 to do, 17 done already, 10 not run.');
    await stage.release();
    expect(await stage.outcome()).toEqual(before);
    expect(stage.built()).toHaveLength(2);
  });

  test('of the next version moves latest, and lists only what came after the last one', async () => {
    await stage.release();
    writeFileSync(join(stage.root, 'services', 'realtime', 'more'), '');
    stage.commit('more of the service');
    const { images } = await stage.release({ request: { version: 'v0.2.0' } });
    const { tags } = await stage.outcome();
    expect(tags['arc-realtime']?.latest).toBe(images.get('realtime')?.digest);
    expect(tags['arc-realtime']?.['v0.1.0']).not.toBe(tags['arc-realtime']?.['v0.2.0']);
    expect(stage.github.releases[1]?.body).toContain('more of the service');
    expect(stage.github.releases[1]?.body).not.toContain('- the service');
  });

  test('that is a pre-release leaves latest alone', async () => {
    await stage.release({ request: { version: 'v0.2.0-rc.1' } });
    expect((await stage.outcome()).tags['arc-realtime']).not.toHaveProperty('latest');
    expect(stage.github.releases).toMatchObject([{ prerelease: true, draft: false, latest: false }]);
  });

  test('that is rehearsed leaves no version, no git tag and no release, and what it built is taken later', async () => {
    await stage.release({ request: { rehearsal: true } });
    const { tags, gitTags, releases } = await stage.outcome();
    const commit = stage.git('rev-parse', 'HEAD').slice(0, 12);
    expect(Object.keys(tags['arc-realtime'] ?? {})).toEqual([`sha-${commit}`]);
    expect({ gitTags, releases }).toEqual({ gitTags: [], releases: [] });
    await stage.release();
    expect(stage.built()).toHaveLength(2);
    expect((await stage.outcome()).gitTags).toEqual(['realtime/v0.1.0']);
  });
});

describe('a release that is interrupted', () => {
  test('after any of its steps goes on there, builds nothing twice, and ends as one that was not', async () => {
    await stage.release();
    const wanted = await stage.outcome();
    const steps = doneSteps(stage.events);
    expect(steps.length).toBe(17);
    await stage.close();

    stage = await openReleaseStage();
    // Each run is interrupted at the first step that no earlier one has come to.
    const seen = new Set<string>();
    for (;;) {
      const ended = await stage
        .release({
          onEvent: (event) => {
            if (event.type !== 'step' || event.phase !== 'done' || seen.has(event.id)) return undefined;
            seen.add(event.id);
            return 'interrupt';
          },
        })
        .then(
          () => true,
          (error: Error) => {
            expect(error.message).toBe('interrupted');
            return false;
          },
        );
      if (ended) break;
    }
    expect(seen.size).toBeGreaterThan(8);
    expect(stage.built()).toHaveLength(2);
    const outcome = await stage.outcome();
    expect({ ...outcome, tags: shape(outcome.tags), releases: names(outcome.releases) }).toEqual({
      ...wanted,
      tags: shape(wanted.tags),
      releases: names(wanted.releases),
    });
  });
});

/** Commits of two stages differ in their time, so the images do: what is compared is which tags are one image. */
function shape(tags: Record<string, Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(tags).map(([image, named]) => {
      const digests = [...new Set(Object.values(named))];
      return [
        image,
        Object.entries(named).map(([tag, digest]) => [
          tag.replace(/^sha-.*/, 'sha-'),
          digests.indexOf(digest),
        ]),
      ];
    }),
  );
}

function names(releases: readonly { tag: string; draft: boolean; assets: Record<string, string> }[]) {
  return releases.map(({ assets, ...rest }) => ({ ...rest, assets: Object.keys(assets).sort() }));
}

describe('a registry that has faults', () => {
  test.each([
    [
      'cuts a connection in the middle of an upload',
      /^PUT .*\/blobs\/uploads/,
      { kind: 'cut', body: 'request' },
    ],
    ['loses the answer to a tag', /^PUT .*\/manifests\/v0\.1\.0$/, { kind: 'lose-answer' }],
    [
      'is asked too often',
      /^PUT .*\/manifests\//,
      { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
    ],
    ['has an error of its own', /^PUT .*\/manifests\//, { kind: 'answer', status: 503 }],
    ['is slow', /^(PUT|GET) .*\/manifests\//, { kind: 'delay', milliseconds: 1500 }],
    ['cuts an answer', /^GET .*\/manifests\//, { kind: 'cut', body: 'answer' }],
  ] as const)('and %s is asked again, and the release ends right', async (_, match, fault) => {
    stage.proxy.inject(match, fault, { times: 2 });
    await stage.release();
    const { tags } = await stage.outcome();
    expect(Object.keys(tags['arc-realtime'] ?? {})).toContain('latest');
    expect(
      (await stage.plan()).plan.stages
        .flatMap(({ steps }) => steps)
        .filter(({ state }) => state.kind === 'do'),
    ).toEqual([]);
  });

  test('that stay leave no version on anything, and the same command finishes once they are gone', async () => {
    stage.proxy.inject(
      /^PUT .*arc-realtime-ingress\/manifests\/sha256/,
      { kind: 'answer', status: 500 },
      { times: 100 },
    );
    await expect(stage.release()).rejects.toMatchObject({ code: 'registry-failed' });
    for (const tags of Object.values((await stage.outcome()).tags))
      expect(Object.keys(tags).filter((tag) => !tag.startsWith('sha-'))).toEqual([]);
    expect(stage.github.releases).toEqual([]);
    stage.proxy.heal();
    await stage.release();
    expect((await stage.outcome()).releases).toMatchObject([{ draft: false }]);
  });

  test('when it refuses to write, every image is named with what is missing', async () => {
    stage.proxy.inject(/^POST .*\/blobs\/uploads/, { kind: 'answer', status: 403 }, { times: 100 });
    const failure = await stage.plan().catch((error) => error);
    expect(failure).toMatchObject({ code: 'registry-unauthorized' });
    expect(failure.problems.map(({ message }: { message: string }) => message).join('\n')).toMatch(
      /arc-realtime\b[\s\S]*arc-realtime-ingress/,
    );
  });
});

describe('what stands in the way', () => {
  test('an image of another commit is named with both commits, and left as it is', async () => {
    await stage.release();
    const first = stage.git('rev-parse', 'HEAD').slice(0, 12);
    const second = stage.commit('another').slice(0, 12);
    // The git tag alone would be reason enough.
    stage.git('tag', '--delete', 'realtime/v0.1.0');
    stage.git('push', '--quiet', 'origin', ':refs/tags/realtime/v0.1.0');
    const before = await stage.outcome();
    await expect(stage.release()).rejects.toMatchObject({
      code: 'image-tag-taken',
      problems: [
        { message: expect.stringContaining(`it was built from ${first}, and this is ${second}`) },
        { message: expect.stringContaining('arc-realtime-ingress') },
      ],
    });
    expect(await stage.outcome()).toEqual(before);
  });

  test('changes, a commit that is not pushed and a version behind are told at once', async () => {
    await stage.release();
    stage.git('commit', '--quiet', '--allow-empty', '--message', 'not pushed');
    writeFileSync(join(stage.root, 'new-file'), '');
    const failure = await stage.plan({ version: 'v0.0.9' }).catch((error) => error);
    expect(failure.problems.map(({ code }: { code: string }) => code)).toEqual([
      'tree-not-clean',
      'commit-not-pushed',
      'version-behind',
    ]);
  });
});
