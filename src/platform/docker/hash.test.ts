import { describe, expect, test } from 'vitest';
import { testContainer, testJob } from '../../../tests/fixtures/stacks.ts';
import { Secret } from '../../core/secret.ts';
import type { ReloadManifest } from '../../manifest/model-needs.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { changedParts, hashAsMade, hashContainer, type ImageIdentity } from './hash.ts';

const base = testContainer({ role: 'cache' });

function hash(
  change: Partial<ResolvedContainer> = {},
  image: ImageIdentity = { id: 'sha256:a' },
  root = '/workspace',
) {
  return hashContainer({ container: { ...base, ...change }, image, network: 'net', root });
}

function changes(change: Partial<ResolvedContainer>): readonly string[] | undefined {
  const before = hash();
  return changedParts({ before: { hash: before.whole, parts: before.parts }, after: hash(change) });
}

describe('the hash of a container', () => {
  test('is the same for the same container, whatever the order of its environment', () => {
    expect(hash({ environment: { A: '1', B: '2' } })).toEqual(hash({ environment: { B: '2', A: '1' } }));
  });

  test('names the version of its scheme', () => {
    expect(hash().whole).toMatch(/^3:[0-9a-f]{64}$/);
  });

  // An upgrade of arc must not make every container anew: this value may change only with the scheme's version.
  test('stays what it is from one version of arc to the next', () => {
    expect(hash().whole).toMatchInlineSnapshot(
      `"3:66348bf075fd400e61fe9e4bd64816e6ac4c2c22367d2bf8627cfec5ebf9c599"`,
    );
  });

  const { command: _, ...unchecked } = { command: undefined, ...base.health };

  test.each<[string, Partial<ResolvedContainer>, string[]]>([
    ['command', { command: ['server'] }, ['command']],
    ['entrypoint', { entrypoint: ['/bin/x'] }, ['command']],
    ['environment', { environment: { A: '1' } }, ['environment']],
    ['a volume', { volumes: [{ volume: 'data', target: '/data' }] }, ['volumes']],
    ['user', { user: '1001:1001' }, ['user']],
    ['capabilities', { capAdd: ['SYS_ADMIN'] }, ['user']],
    ['memory', { resources: { memory: 1024 } }, ['resources']],
    ['restart policy', { restart: 'always' }, ['restart']],
    ['stop signal', { stop: { signal: 'SIGINT', graceSeconds: 10 } }, ['stop']],
    ['name', { name: 'arc-redis' }, ['name']],
    ['an alias', { aliases: ['sonic'] }, ['name']],
    ['a limit', { resources: { ulimits: { nofile: { soft: 1, hard: 2 } } } }, ['resources']],
    ['the log driver', { logging: { driver: 'local', options: {} } }, ['logging']],
    ['no health check', { health: unchecked }, ['health']],
  ])('says which part changed: %s', (_, change, expected) => {
    expect(changes(change)).toEqual(expected);
  });

  test('counts the content of a mounted file, not its modification time', () => {
    const file = (content: string) => ({
      config: [
        {
          file: 'services/cache/redis.conf',
          template: 'x.liquid',
          target: '/etc/redis.conf',
          content: new Secret(content),
        },
      ],
    });
    const before = hash(file('port 6379'));
    expect(hash(file('port 6379'))).toEqual(before);
    const after = hash(file('port 6380'));
    expect(changedParts({ before: { hash: before.whole, parts: before.parts }, after })).toEqual(['config']);
  });

  test('counts the files of a mounted folder, but not of one whose program reloads them', () => {
    const folder = (content: string, reload?: ReloadManifest) => ({
      folders: [
        {
          folder: 'services/cache/rules',
          target: '/rules',
          files: [{ file: 'services/cache/rules/a.sql', content: new Secret(content) }],
          ...(reload === undefined ? {} : { reload }),
        },
      ],
    });
    const proof = { port: 'http', path: '/', pattern: '(.*)', mark: 'time' } as const;
    expect(hash(folder('a'))).not.toEqual(hash(folder('b')));
    expect(hash(folder('a', { kind: 'watch', proof }))).toEqual(hash(folder('b', { kind: 'watch', proof })));
  });

  test('counts the image by its id and not by its tag, where nothing says what it is made from', () => {
    expect(hash({ image: { ...base.image, reference: 'other:tag' } })).toEqual(hash());
    expect(hash({}, { id: 'sha256:b' }).whole).not.toBe(hash().whole);
  });

  test('counts what the image is made from and not its id, where that is known', () => {
    const made = (id: string, madeFrom: string) => hash({}, { id, madeFrom });
    expect(made('sha256:b', 'redis 1')).toEqual(made('sha256:a', 'redis 1'));
    expect(made('sha256:a', 'redis 2').parts.image).not.toBe(made('sha256:a', 'redis 1').parts.image);
  });

  test('compares a container of the scheme before by the id of its image, as it was made', () => {
    const given = { container: base, network: 'net', root: '/workspace' };
    const image = { id: 'sha256:a', madeFrom: 'redis 1' };
    const before = hashAsMade({ ...given, image, made: '2:abc' });
    expect(before?.whole).toMatch(/^2:/);
    expect(before?.parts).toEqual(hash({}, { id: 'sha256:a' }).parts);
    expect(hashAsMade({ ...given, image, made: '3:abc' })).toEqual(hashContainer({ ...given, image }));
    expect(hashAsMade({ ...given, image, made: '1:abc' })).toBeUndefined();
  });

  test('counts where the workspace is, for configuration is mounted from there', () => {
    expect(hash({}, undefined, '/elsewhere').parts.config).not.toBe(hash().parts.config);
  });

  test('does not count what never reaches the container', () => {
    const probe = { kind: 'tcp', at: { role: 'cache', port: 'redis' }, fields: {} } as const;
    expect(
      hash({
        description: 'another',
        codename: 'other',
        dependsOn: [{ role: 'storage', condition: 'healthy' }],
        checks: [{ name: 'x', description: 'x', probe, needs: [] }],
        ...(base.health.kind === 'probe' ? { health: { ...base.health, probe } } : {}),
      }),
    ).toEqual(hash());
  });

  test('of a job does not count how long arc waits for it', () => {
    const job = (timeoutSeconds: number) =>
      hashContainer({
        container: testJob({ role: 'job', health: { kind: 'exit', timeoutSeconds } }),
        image: { id: 'a' },
        network: 'net',
        root: '/',
      });
    expect(job(30)).toEqual(job(60));
  });

  test('cannot be compared with one of another scheme', () => {
    const after = hash();
    expect(changedParts({ before: { hash: '0:abc', parts: after.parts }, after })).toBeUndefined();
    expect(changedParts({ before: { parts: {} }, after })).toBeUndefined();
  });
});
