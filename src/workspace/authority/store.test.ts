import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authorityFor, certificatesOf, keepCertificates } from './store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-authority-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const start = new Date('2026-01-01T00:00:00Z');
const inDays = (days: number) => new Date(start.getTime() + days * 86_400_000);

/** What the workspace has at a moment; new certificates are kept as a boot keeps them. */
async function ask(options: { now?: Date; domain?: string; keep?: boolean } = {}) {
  const { now = start, domain = 'arc.local', keep = true } = options;
  const wanted = [{ name: 'gateway', domain }];
  const certificate = (await certificatesOf({ root, project: 'demo', wanted, now })).get('gateway');
  if (certificate === undefined) throw new Error('there is one');
  if (keep) keepCertificates({ root, files: certificate.files });
  return { ...certificate, leaf: new X509Certificate(certificate.chain) };
}

const authority = async (domain = 'arc.local') => {
  const found = await authorityFor({ root, project: 'demo', domain, now: start });
  return { ...found, certificate: new X509Certificate(found.certificate) };
};

describe('a certificate of the workspace’s own authority', () => {
  test('is for the domain and the names below it, and vouched for by the authority', async () => {
    const { leaf } = await ask();
    expect(leaf.checkHost('livekit.arc.local')).toBeDefined();
    expect(leaf.checkHost('arc.local')).toBeDefined();
    expect(leaf.checkHost('example.com')).toBeUndefined();
    const { certificate, fresh } = await authority();
    expect(fresh).toBeUndefined();
    expect(leaf.verify(certificate.publicKey)).toBe(true);
    expect(leaf.checkIssued(certificate)).toBe(true);
    expect([leaf.ca, certificate.ca]).toEqual([false, true]);
  });

  test('is of the same authority as another one that is new with it', async () => {
    const wanted = [
      { name: 'gateway', domain: 'arc.local' },
      { name: 'mail', domain: 'arc.local' },
    ];
    const found = [...(await certificatesOf({ root, project: 'demo', wanted, now: start })).values()];
    keepCertificates({ root, files: found.flatMap(({ files }) => files) });
    const { certificate } = await authority();
    expect(found.map(({ chain }) => new X509Certificate(chain).verify(certificate.publicKey))).toEqual([
      true,
      true,
    ]);
  });

  test('stays the same until a third of its time is left, then it is renewed by the same authority', async () => {
    const first = await ask();
    expect((await ask({ now: inDays(59) })).chain).toBe(first.chain);
    const renewed = await ask({ now: inDays(61) });
    expect(renewed.chain).not.toBe(first.chain);
    expect(renewed.leaf.verify((await authority()).certificate.publicKey)).toBe(true);
    expect((await ask({ now: inDays(62) })).chain).toBe(renewed.chain);
  });

  test('of another domain is of another authority, which can vouch for that domain alone', async () => {
    const first = await ask();
    const other = await ask({ domain: 'voice.example' });
    expect(other.leaf.checkHost('livekit.voice.example')).toBeDefined();
    expect(other.leaf.issuer).toContain('for voice.example');
    expect(other.chain).not.toBe(first.chain);
  });

  test('is written with the reason why it is a new one', async () => {
    const causes = ({ files }: { files: readonly { name: string; cause: string }[] }) =>
      files.map(({ name, cause }) => `${name}: ${cause}`);
    expect(causes(await ask())).toEqual([
      'authority: no existing authority',
      'gateway: no existing authority',
    ]);
    expect(causes(await ask())).toEqual([]);
    expect(causes(await ask({ now: inDays(61) }))).toEqual([
      expect.stringMatching(/^gateway: the existing one ends on 2026-\d\d-\d\d$/),
    ]);
    expect(causes(await ask({ domain: 'voice.example' }))).toEqual([
      'authority: the existing one cannot vouch for voice.example',
      'gateway: the existing one cannot vouch for voice.example',
    ]);
    rmSync(join(root, '.arc', 'ca', 'gateway.pem'));
    expect(causes(await ask({ domain: 'voice.example' }))).toEqual(['gateway: no existing certificate']);
  });

  test('that was not kept is another one the next time', async () => {
    const first = await ask({ keep: false });
    expect((await ask({ keep: false })).chain).not.toBe(first.chain);
  });

  test('is kept in files that others cannot read', async () => {
    await ask();
    for (const name of ['authority', 'gateway'])
      expect(statSync(join(root, '.arc', 'ca', `${name}.pem`)).mode & 0o777).toBe(0o600);
  });

  test.each(['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'that cannot be read (%j) is an error, and stays as it is',
    async (text) => {
      await ask();
      writeFileSync(join(root, '.arc', 'ca', 'authority.pem'), text);
      await expect(ask()).rejects.toMatchObject({
        code: 'authority-unreadable',
        message: expect.stringContaining('.arc/ca/authority.pem'),
      });
    },
  );
});
