import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manifests, secret, service } from '../../tests/fixtures/manifests.ts';
import { nkeyOf } from '../core/nkey.ts';
import { Secret } from '../core/secret.ts';
import { generateSecrets, rotateSecrets } from './make-secrets.ts';
import { readSecrets } from './secrets.ts';
import { readSecretsFile, secretsFile, writeSecretsFile } from './secrets-file.ts';

const platform = manifests({
  services: [
    service({
      role: 'realtime',
      secrets: {
        livekit_api_key: secret({
          dev: 'devkey',
          env: 'LIVEKIT_API_KEY',
          generate: { kind: 'text', length: 12, prefix: 'API' },
        }),
        livekit_api_secret: secret({
          dev: 'dev',
          env: 'LIVEKIT_API_SECRET',
          length: { min: 32, max: 4096 },
          generate: { kind: 'text', length: 48, prefix: '' },
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
  const generate = (existing: readonly string[] = []) =>
    generateSecrets({ manifests: platform, existing: new Set(existing), random: counter() });

  test('of the length and with the prefix that the manifest asks for, of letters and digits', () => {
    const { values, made } = generate();
    expect(made).toEqual(['livekit_api_key', 'livekit_api_secret']);
    expect(values.get('LIVEKIT_API_KEY')?.reveal()).toMatch(/^API[A-Za-z0-9]{12}$/);
    expect(values.get('LIVEKIT_API_SECRET')?.reveal()).toMatch(/^[A-Za-z0-9]{48}$/);
  });

  test('an nkey is a seed that NATS takes', () => {
    const nkey = secret({ dev: 'dev', env: 'BUS_NATS_SEED', generate: { kind: 'nkey' } });
    const workspace = manifests({ services: [service({ role: 'bus', secrets: { bus_nats_seed: nkey } })] });
    const { values } = generateSecrets({ manifests: workspace, existing: new Set(), random: counter() });
    expect(nkeyOf(values.get('BUS_NATS_SEED')?.reveal() ?? '')).toMatch(/^U[A-Z2-7]{55}$/);
  });

  test('generate makes only what is missing', () => {
    const { values, made } = generate(['LIVEKIT_API_KEY', 'OTHER']);
    expect(made).toEqual(['livekit_api_secret']);
    expect([...values.keys()]).toEqual(['LIVEKIT_API_SECRET']);
  });

  test('rotate makes new values of all, or of those that are named', () => {
    const all = rotateSecrets({ manifests: platform, names: [], random: () => Uint8Array.of(0) });
    expect(all.values.get('LIVEKIT_API_KEY')?.reveal()).toBe('APIAAAAAAAAAAAA');
    const one = rotateSecrets({
      manifests: platform,
      names: ['LIVEKIT_API_KEY'],
      random: () => Uint8Array.of(1),
    });
    expect(one.made).toEqual(['livekit_api_key']);
    expect([...one.values.keys()]).toEqual(['LIVEKIT_API_KEY']);
  });

  test('an unknown name is an error with the nearest', () => {
    expect(() =>
      rotateSecrets({ manifests: platform, names: ['livekit_api_kye'], random: counter() }),
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
  const keep = async (content: string | Uint8Array, mode = 0o600) => {
    await mkdir(join(root, '.arc'), { recursive: true });
    await writeFile(join(root, secretsFile), content, { mode });
  };
  const text = () => readFile(join(root, secretsFile), 'utf8');
  const secretOf = (value: string) => new Map([['LIVEKIT_API_SECRET', new Secret(value)]]);

  test('without a file there are development values only', () => {
    const { secrets, sources, warnings, problems } = read();
    expect(secrets.size).toBe(0);
    expect(Object.fromEntries(sources)).toEqual({
      livekit_api_key: 'development',
      livekit_api_secret: 'development',
    });
    expect([warnings, problems]).toEqual([[], []]);
  });

  test('what is written is read again, from a file that only its owner can read and git ignores', async () => {
    const { values } = generateSecrets({ manifests: platform, existing: new Set(), random: counter() });
    writeSecretsFile({ root, values });
    expect((await stat(join(root, secretsFile))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(root, '.arc/.gitignore'), 'utf8')).toBe('*\n');
    const { secrets, sources, warnings, problems } = read();
    expect(secrets.get('livekit_api_key')?.reveal()).toBe(values.get('LIVEKIT_API_KEY')?.reveal());
    expect(sources.get('livekit_api_key')).toBe('file');
    expect([warnings, problems]).toEqual([[], []]);
  });

  test('the environment wins over the file; an empty variable is an unset one', async () => {
    await keep('LIVEKIT_API_KEY=from-file\n');
    const { secrets, sources } = read({ LIVEKIT_API_KEY: 'from-environment', LIVEKIT_API_SECRET: '' });
    expect(revealed(secrets)).toEqual({ livekit_api_key: 'from-environment' });
    expect(Object.fromEntries(sources)).toEqual({
      livekit_api_key: 'environment',
      livekit_api_secret: 'development',
    });
  });

  test('a file that others can read is warned about', async () => {
    await keep('# mine\nLIVEKIT_API_KEY="quoted-key"\n');
    await chmod(join(root, secretsFile), 0o644);
    const { secrets, warnings } = read();
    expect(revealed(secrets)).toEqual({ livekit_api_key: 'quoted-key' });
    expect(warnings).toMatchObject([
      {
        code: 'secrets-readable',
        message: '.arc/secrets.env can be read by other users of this machine (mode 0644).',
      },
    ]);
  });

  test('a line for no service is warned about, with the name that was most likely meant', async () => {
    await keep('\nLIVEKIT_API_SECERT=Summer-2026-long-enough-for-all\n');
    expect(read().warnings).toEqual([
      {
        code: 'unknown-secret',
        message: '.arc/secrets.env sets LIVEKIT_API_SECERT, but no service has a secret of that name.',
        suggestion: 'did you mean `LIVEKIT_API_SECRET`?',
        location: { file: secretsFile, line: 2, column: 1 },
      },
    ]);
  });

  test('a file in UTF-16, as PowerShell writes it, is an error and never an empty file', async () => {
    await keep(Buffer.from('\uFEFFLIVEKIT_API_SECRET=Summer2026longenough\r\n', 'utf16le'));
    expect(read().problems).toMatchObject([
      { code: 'not-utf8', location: { file: secretsFile, line: 1, column: 1 } },
    ]);
    expect(() => writeSecretsFile({ root, values: secretOf('new') })).toThrow('UTF-16');
    expect(readSecretsFile({ root }).hidden.map((secret) => secret.reveal())).toContain(
      'Summer2026longenough',
    );
  });

  test('a byte-order mark and Windows line ends are read past, and kept', async () => {
    await keep('\uFEFFLIVEKIT_API_SECRET=before\r\n# mine\r\nLIVEKIT_API_KEY=kept\r\n');
    expect(revealed(read().secrets)).toEqual({ livekit_api_key: 'kept', livekit_api_secret: 'before' });
    writeSecretsFile({ root, values: secretOf('after') });
    expect(await text()).toBe('\uFEFFLIVEKIT_API_SECRET=after\r\n# mine\r\nLIVEKIT_API_KEY=kept\r\n');
  });

  test('a rotation changes its own lines, and no other byte', async () => {
    await keep(
      "# of the summer\n\nB='Summer 2026'\nLIVEKIT_API_SECRET=before\n  # odd  \nA=Summer#2026-long-enough",
    );
    const values = new Map([...secretOf('after'), ['LIVEKIT_API_KEY', new Secret('added')]]);
    writeSecretsFile({ root, values });
    expect(await text()).toBe(
      "# of the summer\n\nB='Summer 2026'\nLIVEKIT_API_SECRET=after\n  # odd  \nA=Summer#2026-long-enough\nLIVEKIT_API_KEY=added\n",
    );
  });

  test('a file with a line that cannot be read is not written to', async () => {
    const before = 'LIVEKIT_API_SECRET=before\nLIVEKIT_API_KEY=Summer #2026\n';
    await keep(before);
    expect(() => writeSecretsFile({ root, values: secretOf('after') })).toThrow('needs quotes');
    expect(await text()).toBe(before);
  });

  test('a file that cannot be replaced stays as it was', async () => {
    const before = 'LIVEKIT_API_SECRET=before\n';
    await keep(before);
    // The name that the new file is written under is taken by a folder, so that writing fails.
    await mkdir(join(root, '.arc', `.secrets.env.arc-${process.pid}`, 'x'), { recursive: true });
    expect(() => writeSecretsFile({ root, values: secretOf('after') })).toThrow('could not be written');
    expect(await text()).toBe(before);
  });

  test('a link to where somebody keeps the file stays one', async () => {
    await mkdir(join(root, '.arc'));
    await writeFile(join(root, 'elsewhere'), 'LIVEKIT_API_SECRET=before\n', { mode: 0o600 });
    await symlink(join(root, 'elsewhere'), join(root, secretsFile));
    writeSecretsFile({ root, values: secretOf('after') });
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('LIVEKIT_API_SECRET=after\n');
    expect((await lstat(join(root, secretsFile))).isSymbolicLink()).toBe(true);
  });

  test.each([
    ['one that is too short', 'Summer', 'LIVEKIT_API_SECRET has 6 characters, and needs at least 32'],
    [
      'one with a line break',
      'x'.repeat(40).replace('xx', 'x\n'),
      'LIVEKIT_API_SECRET may hold only text of one line',
    ],
  ])('a value that the manifest does not allow is refused, unshown: %s', async (_, value, message) => {
    const fromVariable = read({ LIVEKIT_API_SECRET: value }).problems;
    expect(fromVariable).toEqual([
      {
        code: 'bad-secret',
        message: `${message}; it comes from the environment, which wins over .arc/secrets.env.`,
        suggestion: 'give the variable another value, or unset LIVEKIT_API_SECRET',
      },
    ]);
    await keep(`LIVEKIT_API_SECRET="${value.replace('\n', '\\n')}"\n`);
    const fromFile = read().problems;
    expect(fromFile).toEqual([
      {
        code: 'bad-secret',
        message: `${message}.`,
        suggestion: 'give it another value in this line, or let `arc secrets rotate` make one',
        location: { file: secretsFile, line: 1, column: 1 },
      },
    ]);
    expect(JSON.stringify([fromVariable, fromFile])).not.toContain(JSON.stringify(value).slice(1, -1));
  });

  test.each([
    '0123456789'.repeat(4),
    'p@ss/w0rd== of more than 32 characters',
    `'"$\`\\#: {}[]&*!|>%@`.repeat(2),
  ])('a value that needs quotes somewhere is used as it is: %s', (value) => {
    const { secrets, problems } = read({ LIVEKIT_API_SECRET: value });
    expect([revealed(secrets), problems]).toEqual([{ livekit_api_secret: value }, []]);
  });
});
