import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manifests, secret, service } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../secret.ts';
import { generateSecrets, rotateSecrets } from './make-secrets.ts';
import { readSecrets, readSecretsFile, secretsFile, writeSecretsFile } from './secrets.ts';

const platform = manifests({
  services: [
    service({
      role: 'realtime',
      secrets: {
        livekit_api_key: secret({
          dev: 'devkey',
          env: 'LIVEKIT_API_KEY',
          generate: { length: 12, prefix: 'API' },
        }),
        livekit_api_secret: secret({
          dev: 'dev',
          env: 'LIVEKIT_API_SECRET',
          generate: { length: 48, prefix: '' },
        }),
      },
    }),
  ],
});

/** Every byte in turn, so that all of them are tried. */
function counter() {
  let next = 200;
  return (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
}

function revealed(values: ReadonlyMap<string, Secret>) {
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, value.reveal()]));
}

describe('making secrets', () => {
  test('of the length and with the prefix that the manifest asks for, of letters and digits', () => {
    const { values, made } = generateSecrets({ manifests: platform, existing: new Map(), random: counter() });
    expect(made).toEqual(['livekit_api_key', 'livekit_api_secret']);
    expect(values.get('LIVEKIT_API_KEY')?.reveal()).toMatch(/^API[A-Za-z0-9]{12}$/);
    expect(values.get('LIVEKIT_API_SECRET')?.reveal()).toMatch(/^[A-Za-z0-9]{48}$/);
  });

  test('generate makes only what is missing, and keeps what it does not know', () => {
    const existing = new Map([
      ['LIVEKIT_API_KEY', new Secret('APIkept')],
      ['OTHER', new Secret('other')],
    ]);
    const { values, made } = generateSecrets({ manifests: platform, existing, random: counter() });
    expect(made).toEqual(['livekit_api_secret']);
    expect(revealed(values)).toMatchObject({ LIVEKIT_API_KEY: 'APIkept', OTHER: 'other' });
  });

  test('rotate makes new values of all, or of those that are named', () => {
    const existing = generateSecrets({ manifests: platform, existing: new Map(), random: counter() }).values;
    const all = rotateSecrets({ manifests: platform, existing, names: [], random: () => Uint8Array.of(0) });
    expect(all.values.get('LIVEKIT_API_KEY')?.reveal()).toBe('APIAAAAAAAAAAAA');
    const one = rotateSecrets({
      manifests: platform,
      existing,
      names: ['LIVEKIT_API_KEY'],
      random: () => Uint8Array.of(1),
    });
    expect(one.made).toEqual(['livekit_api_key']);
    expect(one.values.get('LIVEKIT_API_SECRET')).toBe(existing.get('LIVEKIT_API_SECRET'));
  });

  test('an unknown name is an error with the nearest', () => {
    expect(() =>
      rotateSecrets({
        manifests: platform,
        existing: new Map(),
        names: ['livekit_api_kye'],
        random: counter(),
      }),
    ).toThrow('No service has a secret called livekit_api_kye.');
  });
});

describe('keeping secrets', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'arc-secrets-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = (environment: Record<string, string> = {}) =>
    readSecrets({ root, manifests: platform, environment });

  test('without a file there are development values only', async () => {
    const { secrets, sources, warnings } = await read();
    expect(secrets.size).toBe(0);
    expect(Object.fromEntries(sources)).toEqual({
      livekit_api_key: 'development',
      livekit_api_secret: 'development',
    });
    expect(warnings).toEqual([]);
  });

  test('what is written is read again, from a file that only its owner can read and git ignores', async () => {
    const { values } = generateSecrets({ manifests: platform, existing: new Map(), random: counter() });
    await writeSecretsFile({ root, values });
    expect((await stat(join(root, secretsFile))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(root, '.arc/.gitignore'), 'utf8')).toBe('*\n');
    expect(revealed(await readSecretsFile({ root }))).toEqual(revealed(values));
    const { secrets, sources, warnings } = await read();
    expect(secrets.get('livekit_api_key')?.reveal()).toBe(values.get('LIVEKIT_API_KEY')?.reveal());
    expect(sources.get('livekit_api_key')).toBe('file');
    expect(warnings).toEqual([]);
  });

  test('the environment wins over the file; an empty variable is an unset one', async () => {
    await writeSecretsFile({ root, values: new Map([['LIVEKIT_API_KEY', new Secret('from-file')]]) });
    const { secrets, sources } = await read({ LIVEKIT_API_KEY: 'from-environment', LIVEKIT_API_SECRET: '' });
    expect(revealed(secrets)).toEqual({ livekit_api_key: 'from-environment' });
    expect(Object.fromEntries(sources)).toEqual({
      livekit_api_key: 'environment',
      livekit_api_secret: 'development',
    });
  });

  test('a file that others can read is warned about', async () => {
    await mkdir(join(root, '.arc'));
    await writeFile(join(root, secretsFile), '# mine\nexport LIVEKIT_API_KEY="quoted"\n');
    await chmod(join(root, secretsFile), 0o644);
    const { secrets, warnings } = await read();
    expect(revealed(secrets)).toEqual({ livekit_api_key: 'quoted' });
    expect(warnings).toMatchObject([
      {
        code: 'secrets-readable',
        message: '.arc/secrets.env can be read by other users of this machine (mode 0644).',
      },
    ]);
  });

  test.each(['two words', 'new\nline', 'colon: space', "quote'"])(
    'a value that files cannot hold is refused, unshown: %j',
    async (value) => {
      const error = await read({ LIVEKIT_API_SECRET: value }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ status: 2, problems: [{ code: 'bad-secret' }] });
      expect(JSON.stringify(error)).not.toContain(JSON.stringify(value).slice(1, -1));
    },
  );
});
