import { describe, expect, it } from 'vitest';
import { ArcError } from '../core/errors.ts';
import { familiarReference, formatReference, mirrored, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  it.each([
    ['redis', 'docker.io/library/redis:latest'],
    ['redis:7.4', 'docker.io/library/redis:7.4'],
    ['livekit/ingress:v1.5.0', 'docker.io/livekit/ingress:v1.5.0'],
    ['index.docker.io/redis', 'docker.io/library/redis:latest'],
    ['quay.io/minio/minio:R.1', 'quay.io/minio/minio:R.1'],
    ['localhost/thing', 'localhost/thing:latest'],
    ['localhost:5000/a/b/c:1', 'localhost:5000/a/b/c:1'],
    ['[::1]:5000/a/b:1', '[::1]:5000/a/b:1'],
    ['[::1]/a', '[::1]/a:latest'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
    [`ghcr.io/a/b:1@${digest}`, `ghcr.io/a/b:1@${digest}`],
  ])('%s means %s', (text, whole) => {
    expect(formatReference(parseReference(text))).toBe(whole);
  });

  it.each([
    ['docker.io/library/redis:7.4', 'redis:7.4'],
    ['docker.io/livekit/ingress:v1', 'livekit/ingress:v1'],
    ['quay.io/minio/minio:1', 'quay.io/minio/minio:1'],
  ])('%s is listed by the Engine as %s', (text, listed) => {
    expect(familiarReference(parseReference(text))).toBe(listed);
  });

  it.each([
    '',
    'Redis',
    'a//b',
    'redis:',
    'redis:7 4',
    'redis@sha256:abc',
    'http://x/y',
    '-x',
    'a/b:c:d',
    '[::1]',
    '[::1]:5000',
    '[x]/a',
  ])('%j is refused', (text) => {
    expect(() => parseReference(text)).toThrow(ArcError);
  });
});

describe('a mirror', () => {
  it.each([
    [{ 'docker.io': 'mirror.example' }, 'redis:7', 'mirror.example/library/redis:7'],
    [{ 'docker.io': 'mirror.example:5000/hub/' }, 'a/b:1', 'mirror.example:5000/hub/a/b:1'],
    [{ 'quay.io': 'mirror.example' }, 'redis:7', 'docker.io/library/redis:7'],
    [{ 'quay.io': 'mirror.example' }, 'quay.io/a/b:1', 'mirror.example/a/b:1'],
  ])('%j makes %s into %s', (mirrors, upstream, expected) => {
    expect(mirrored(upstream, mirrors as Record<string, string>)).toBe(expected);
  });
});
