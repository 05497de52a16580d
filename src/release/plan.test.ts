import { describe, expect, test } from 'vitest';
import type { ImageState } from './model.ts';
import { planRelease } from './plan.ts';
import { printReleasePlan } from './print-plan.ts';
import { anImage, aRequest, aSnapshot, commit, otherCommit } from './release.fixture.ts';

const one = aRequest({ roles: ['realtime'], platforms: ['linux/amd64'] });
const bare = { sboms: [], provenance: false, signed: false };
const state = (tags: ImageState['tags'], attached: ImageState['attached'] = bare) => ({ tags, attached });
const image = anImage({ platforms: ['linux/amd64'] });
const tag = (name: string, at = commit) => ({ name, commit: at });

function lines(options: Parameters<typeof planRelease>[0]): readonly string[] {
  const planned = planRelease(options);
  if ('problems' in planned) throw new Error(planned.problems.map(({ message }) => message).join('\n'));
  return printReleasePlan(planned.plan)
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, '  '));
}

function problems(options: Parameters<typeof planRelease>[0]) {
  const planned = planRelease(options);
  return 'problems' in planned ? planned.problems : [];
}

describe('the plan of a first release', () => {
  test('never names what does not exist yet', () => {
    expect(lines({ request: one, snapshot: aSnapshot() }).join('\n')).toBe(`\
realtime v0.1.0, commit 1a2b3c4d5e6f

+ image arc-realtime  (no image of 1a2b3c4d5e6f)
+ scan arc-realtime linux/amd64  (with trivy)
+ SBOM arc-realtime linux/amd64  (none is attached; with syft)
+ provenance arc-realtime  (none is attached)
! signature arc-realtime  not run: arc.yaml asks for no signatures
+ tag arc-realtime:v0.1.0  (no such tag)
+ tag arc-realtime:realtime-v0.1.0  (no such tag)
+ verify arc-realtime  (its tags are new)
+ git tag realtime/v0.1.0  (no such tag)
+ draft realtime/v0.1.0  (no release of this tag)
+ asset digests.json  (no such asset)
+ asset realtime-v0.1.0-compose.tar.gz  (no such asset)
+ asset arc-realtime.linux-amd64.spdx.json  (no such asset)
+ publish realtime/v0.1.0  (it is a draft)
+ tag arc-realtime:latest  (no such tag)

14 to do, 0 done already, 1 not run.
`);
  });

  test('says of every step that has no tool that it is not run', () => {
    const missing = { there: false, reason: 'it is not installed' } as const;
    const snapshot = aSnapshot();
    const plan = lines({
      request: one,
      snapshot: { ...snapshot, tools: { ...snapshot.tools, sbom: missing, scanner: missing } },
    });
    expect(plan).toContain('! scan arc-realtime linux/amd64  not run: it is not installed');
    expect(plan).toContain('! SBOM arc-realtime linux/amd64  not run: it is not installed');
    expect(plan.join('\n')).not.toContain('spdx');
  });

  test('covers every image and platform', () => {
    const plan = lines({ request: aRequest(), snapshot: aSnapshot() });
    expect(plan.filter((line) => line.startsWith('+ image'))).toHaveLength(2);
    expect(plan.filter((line) => line.startsWith('+ SBOM'))).toHaveLength(4);
    expect(plan.filter((line) => line.includes(':latest'))).toHaveLength(2);
  });
});

describe('the plan of a release that was interrupted', () => {
  test('keeps the image of this commit and version, and what is attached to it', () => {
    const plan = lines({
      request: one,
      snapshot: aSnapshot({
        images: {
          realtime: state(
            { [`sha-${commit.slice(0, 12)}`]: image },
            { ...bare, sboms: ['linux/amd64'], provenance: true },
          ),
        },
      }),
    });
    expect(plan[2]).toBe(
      `= image arc-realtime  (sha-1a2b3c4d5e6f is of this commit and version: ${image.digest})`,
    );
    expect(plan[4]).toBe('= SBOM arc-realtime linux/amd64  (it is attached)');
    expect(plan[7]).toBe('+ tag arc-realtime:v0.1.0  (no such tag)');
  });

  test('builds where the commit’s image is that of a build without a version, or lacks a platform', () => {
    const found = (there: typeof image) =>
      lines({
        request: aRequest({ roles: ['realtime'] }),
        snapshot: aSnapshot({ images: { realtime: state({ 'sha-1a2b3c4d5e6f': there }) } }),
      })[2];
    expect(found(anImage({ version: 'sha-1a2b3c4d5e6f' }))).toBe(
      '+ image arc-realtime  (sha-1a2b3c4d5e6f is a build of sha-1a2b3c4d5e6f)',
    );
    expect(found(anImage({ platforms: ['linux/amd64'] }))).toBe(
      '+ image arc-realtime  (sha-1a2b3c4d5e6f is not for linux/arm64)',
    );
  });

  test('looks again at assets of a draft, and pushes a tag that is only here', () => {
    const plan = lines({
      request: one,
      snapshot: aSnapshot({
        localTags: [tag('realtime/v0.1.0')],
        hosted: {
          id: 1,
          tag: 'realtime/v0.1.0',
          draft: true,
          address: 'https://github.com/o/r/releases/1',
          assets: [
            { id: 2, name: 'digests.json', size: 3, complete: true },
            { id: 3, name: 'realtime-v0.1.0-compose.tar.gz', size: 0, complete: false },
          ],
        },
      }),
    });
    expect(plan).toContain('+ git tag realtime/v0.1.0  (it is not pushed)');
    expect(plan).toContain('= draft realtime/v0.1.0  (there is a draft)');
    expect(plan).toContain('+ asset digests.json  (to be compared with the one in the draft)');
    expect(plan).toContain('+ asset realtime-v0.1.0-compose.tar.gz  (its upload was cut)');
  });
});

describe('the plan of a release that is finished', () => {
  const finished = (tags: ReturnType<typeof tag>[] = [tag('realtime/v0.1.0')]) =>
    aSnapshot({
      localTags: tags,
      remoteTags: tags,
      images: {
        realtime: state(
          { 'v0.1.0': image, 'realtime-v0.1.0': image, 'sha-1a2b3c4d5e6f': image, latest: image },
          { sboms: ['linux/amd64'], provenance: true, signed: true },
        ),
      },
      hosted: {
        id: 1,
        tag: 'realtime/v0.1.0',
        draft: false,
        address: 'https://github.com/o/r/releases/1',
        assets: ['digests.json', 'realtime-v0.1.0-compose.tar.gz'].map((name, id) => ({
          id,
          name,
          size: 1,
          complete: true,
        })),
      },
    });

  test('has nothing to do', () => {
    const plan = lines({ request: one, snapshot: finished() });
    expect(plan).toContain('0 to do, 13 done already, 2 not run.');
    expect(plan).toContain(
      '! scan arc-realtime linux/amd64  not run: it is released already; --require-scan looks again',
    );
    expect(plan).toContain(
      '! asset arc-realtime.linux-amd64.spdx.json  not run: the release is published without it',
    );
  });

  test('that has no SBOM gets it, and its signature, where there is syft now', () => {
    const snapshot = finished();
    const { tags = {}, attached = bare } = snapshot.images.realtime ?? {};
    const images = { realtime: state(tags, { ...attached, sboms: [] }) };
    const signer = { there: true, name: 'cosign' } as const;
    const request = { ...one, sign: 'key' } as const;
    const plan = (sbom: (typeof snapshot.tools)['sbom']) =>
      lines({ request, snapshot: { ...snapshot, images, tools: { ...snapshot.tools, signer, sbom } } });
    const withSyft = plan({ there: true, name: 'syft' });
    expect(withSyft).toContain('+ SBOM arc-realtime linux/amd64  (none is attached; with syft)');
    expect(withSyft).toContain('+ signature arc-realtime  (not all of it is signed; key, with cosign)');
    expect(plan({ there: false, reason: 'no syft' })).toContain('= signature arc-realtime  (it is signed)');
  });

  test('is scanned again where nothing unscanned may be released', () => {
    const plan = lines({ request: { ...one, requireScan: true }, snapshot: finished() });
    expect(plan).toContain('+ scan arc-realtime linux/amd64  (with trivy)');
  });

  test('leaves latest with a newer version', () => {
    const snapshot = finished([tag('realtime/v0.1.0'), tag('realtime/v0.2.0', otherCommit)]);
    const plan = lines({
      request: one,
      snapshot: {
        ...snapshot,
        images: {
          realtime: state({ 'v0.1.0': image, 'realtime-v0.1.0': image, latest: anImage({ seed: 'newer' }) }),
        },
      },
    });
    expect(plan).toContain('! tag arc-realtime:latest  not run: v0.2.0 is newer');
  });

  test('that lacks an asset is a problem, for it takes no more', () => {
    const snapshot = finished();
    const hosted = snapshot.hosted && { ...snapshot.hosted, assets: snapshot.hosted.assets.slice(1) };
    expect(problems({ request: one, snapshot: { ...snapshot, hosted } })).toMatchObject([
      {
        code: 'release-published',
        message: 'The release realtime/v0.1.0 is published, but lacks digests.json.',
      },
    ]);
  });
});

describe('latest', () => {
  test('is not moved to a pre-release', () => {
    const plan = lines({ request: { ...one, version: 'v0.2.0-rc.1' }, snapshot: aSnapshot() });
    expect(plan).toContain('! tag arc-realtime:latest  not run: v0.2.0-rc.1 is a pre-release');
  });

  test('is moved after pre-releases of later versions', () => {
    const plan = lines({
      request: { ...one, version: 'v0.2.0' },
      snapshot: aSnapshot({ remoteTags: [tag('realtime/v0.2.0-rc.1', otherCommit)] }),
    });
    expect(plan).toContain('+ tag arc-realtime:latest  (no such tag)');
  });
});

describe('a rehearsal', () => {
  test('builds, scans and describes, and gives nothing a name that people use', () => {
    const plan = lines({
      request: { ...one, rehearsal: true },
      snapshot: aSnapshot({ pushed: false }),
    });
    expect(plan[0]).toBe('Rehearsal of realtime v0.1.0, commit 1a2b3c4d5e6f');
    expect(plan.filter((line) => line.startsWith('+')).map((line) => line.split('  ')[0])).toEqual([
      '+ image arc-realtime',
      '+ scan arc-realtime linux/amd64',
      '+ SBOM arc-realtime linux/amd64',
      '+ provenance arc-realtime',
    ]);
    expect(plan).toContain('! tag arc-realtime:latest  not run: this is a rehearsal');
    expect(plan).toContain('! publish realtime/v0.1.0  not run: this is a rehearsal');
  });
});

describe('in the way of a release', () => {
  const codes = (
    snapshot: Partial<Parameters<typeof aSnapshot>[0]>,
    request: Partial<Parameters<typeof aRequest>[0]> = {},
  ) =>
    problems({
      request: aRequest({ roles: ['realtime'], ...request }),
      snapshot: aSnapshot(snapshot),
    }).map(({ code }) => code);
  const source = { commit, epochSeconds: 1, changed: [] };

  test('are changes that are not committed, and a commit that is not pushed, both at once', () => {
    expect(codes({ source: { ...source, changed: ['arc.yaml'] }, pushed: false })).toEqual([
      'tree-not-clean',
      'commit-not-pushed',
    ]);
  });

  test('is a version behind the newest, and not one that is the first of another service', () => {
    expect(codes({ remoteTags: [tag('realtime/v0.2.0', otherCommit)] })).toEqual(['version-behind']);
    expect(codes({ localTags: [tag('realtime/v0.0.9', otherCommit)] })).toEqual([]);
  });

  test('is no version behind the newest whose release has begun', () => {
    expect(
      codes({
        remoteTags: [tag('realtime/v0.2.0', otherCommit)],
        images: { realtime: state({ 'v0.1.0': anImage() }) },
      }),
    ).toEqual([]);
  });

  test('is a clone that knows only the last commits, and nobody to make the tag', () => {
    expect(codes({ shallow: true, hasIdentity: false })).toEqual(['shallow-clone', 'no-git-identity']);
    expect(codes({ hasIdentity: false, localTags: [tag('realtime/v0.1.0')] })).toEqual([]);
    expect(codes({ hasIdentity: false }, { rehearsal: true })).toEqual([]);
  });

  test('is a tag that somebody has moved away from the commit that git has under it', () => {
    const [problem] = problems({
      request: one,
      snapshot: aSnapshot({
        localTags: [tag('realtime/v0.1.0')],
        images: { realtime: state({ 'v0.1.0': anImage({ revision: otherCommit }) }) },
      }),
    });
    expect(problem?.suggestion).toContain('somebody has moved the tag of the image');
  });

  test('is a git tag at another commit, here or in the remote repository', () => {
    expect(codes({ localTags: [tag('realtime/v0.1.0', otherCommit)] })).toEqual(['git-tag-taken']);
    const [problem] = problems({
      request: aRequest(),
      snapshot: aSnapshot({ remoteTags: [tag('realtime/v0.1.0', otherCommit)] }),
    });
    expect(problem?.message).toBe('The tag realtime/v0.1.0 is at 9f8e7d6c5b4a, and this is 1a2b3c4d5e6f.');
  });

  test.each(['v0.1.0', 'realtime-v0.1.0', 'sha-1a2b3c4d5e6f'])(
    'is an image %s of another commit; both are named',
    (name) => {
      const [problem] = problems({
        request: one,
        snapshot: aSnapshot({ images: { realtime: state({ [name]: anImage({ revision: otherCommit }) }) } }),
      });
      expect(problem).toMatchObject({
        code: 'image-tag-taken',
        message: `ghcr.io/o/arc-realtime:${name} exists already: it was built from 9f8e7d6c5b4a, and this is 1a2b3c4d5e6f.`,
      });
    },
  );

  test('is a base without a digest, where an image has to be built from it', () => {
    const request = aRequest({ roles: ['realtime'] });
    const unlocked = {
      ...request,
      images: request.images.map(({ base, ...rest }) => ({ ...rest, base: { reference: base.reference } })),
    };
    expect(problems({ request: unlocked, snapshot: aSnapshot() }).map(({ code }) => code)).toEqual([
      'base-not-locked',
    ]);
    expect(
      problems({
        request: unlocked,
        snapshot: aSnapshot({ images: { realtime: state({ 'v0.1.0': anImage() }) } }),
      }),
    ).toEqual([]);
  });

  test('is a missing builder, signer or scanner that was asked for', () => {
    const gone = { there: false, reason: 'not there' } as const;
    const tools = { builder: gone, sbom: gone, scanner: gone, signer: gone };
    expect(codes({ tools }, { sign: 'key', requireScan: true })).toEqual([
      'no-builder',
      'no-signer',
      'no-scanner',
    ]);
  });
});
