import { describe, expect, it } from 'vitest';
import { readTarget, versionOfTag } from './verify-target.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('what is to be verified', () => {
  it.each(['realtime/v0.1.0', 'realtime@v0.1.0'])('%s is a release', (text) => {
    expect(readTarget(text)).toEqual({ kind: 'release', service: 'realtime', version: 'v0.1.0' });
  });

  it('is a release where it is named in two words, as other commands take it', () => {
    const release = { kind: 'release', service: 'realtime', version: 'v0.1.0' };
    expect(readTarget('realtime', 'v0.1.0')).toEqual(release);
    expect(() => readTarget('realtime', '0.1.0')).toThrow(expect.objectContaining({ code: 'bad-version' }));
  });

  it('is an image where it has a tag or a digest, of both the digest', () => {
    const repository = { registry: 'ghcr.io', repository: 'o/arc-cache' };
    expect(readTarget('ghcr.io/o/arc-cache:v0.1.0')).toMatchObject({
      kind: 'image',
      repository,
      at: 'v0.1.0',
    });
    expect(readTarget(`ghcr.io/o/arc-cache@${digest}`)).toMatchObject({
      kind: 'image',
      repository,
      at: digest,
    });
    expect(readTarget(`ghcr.io/o/arc-cache:v0.1.0@${digest}`)).toMatchObject({ at: digest });
    expect(readTarget('127.0.0.1:5000/arc-cache:latest')).toMatchObject({
      repository: { registry: '127.0.0.1:5000', repository: 'arc-cache' },
      at: 'latest',
    });
  });

  it.each([
    ['realtime', 'nothing-to-verify'],
    ['127.0.0.1:5000/arc-cache', 'nothing-to-verify'],
    ['realtime/0.1.0', 'bad-version'],
    ['realtime@v0.1.0.1', 'bad-version'],
    ['Not An Image', 'image-reference-invalid'],
  ])('%s is neither', (text, code) => {
    expect(() => readTarget(text)).toThrow(expect.objectContaining({ code }));
  });
});

it('a tag of an image stands for a version by itself, or with the name of the service before it', () => {
  const of = (tag: string) => versionOfTag({ service: 'realtime', tag });
  expect(
    ['v0.1.0', 'realtime-v0.2.0-rc.1', 'cache-v0.1.0', 'latest', 'sha-0123456789ab', digest].map(of),
  ).toEqual(['v0.1.0', 'v0.2.0-rc.1', undefined, undefined, undefined, undefined]);
});
