import { describe, expect, test } from 'vitest';
import { releaseNotes } from './notes.ts';
import { anImage, aRequest, commit } from './release.fixture.ts';

const request = aRequest({ roles: ['realtime'] });
const notes = (options: Partial<Parameters<typeof releaseNotes>[0]>) =>
  releaseNotes({
    request,
    commits: [],
    previous: 'v0.0.9',
    images: new Map([['realtime', anImage({ seed: 'a' })]]),
    ...options,
  });

describe('release notes', () => {
  test('list the commits with their authors, and the images with their digests', () => {
    expect(notes({ commits: [{ commit, subject: 'LiveKit 1.13.5', author: 'Ada' }] })).toBe(`\
## Changes since v0.0.9

- LiveKit 1.13.5 ([${commit.slice(0, 7)}](https://github.com/o/r/commit/${commit}), Ada)

[All changes](https://github.com/o/r/compare/realtime/v0.0.9...realtime/v0.1.0)

## Images

| image | digest |
| --- | --- |
| \`ghcr.io/o/arc-realtime:v0.1.0\` | \`${anImage({ seed: 'a' }).digest}\` |

\`arc verify realtime@v0.1.0\` checks them; \`arc rollback realtime v0.1.0\` runs them.
`);
  });

  test('take no markup from commits, and call nobody', () => {
    const text = notes({
      commits: [{ commit, subject: 'use `x` [here](http://evil) @everyone <b>', author: 'A_B' }],
    });
    expect(text).toContain('use \\`x\\` \\[here\\](http://evil) @\u200beveryone \\<b\\>');
    expect(text).toContain('A\\_B');
  });

  test('of the first version compare with nothing', () => {
    const text = notes({ previous: undefined });
    expect(text).toContain('## Changes\n\nNone of the service itself.');
    expect(text).not.toContain('compare');
  });

  test('of very many commits say how many are left out', () => {
    const commits = Array.from({ length: 250 }, (_, index) => ({
      commit,
      subject: `change ${index}`,
      author: 'Ada',
    }));
    expect(notes({ commits })).toContain('- and 50 more');
  });
});
