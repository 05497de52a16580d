import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { failed } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Certificate, KeptFile, WantedCertificate } from '../../stack/certificates.ts';
import { prepareArcFolder, readIfThere, replaceFile } from '../files.ts';
import { certificateDays, type Issued } from './issued.ts';

/** Where a workspace keeps its authority and what that vouched for; git ignores it. */
const folder = '.arc/ca';
const authorityName = 'authority';

const day = 86_400_000;

/**
 * The certificates that a stack needs: the kept ones, or new ones if they are missing, are for another domain, or end
 * soon. {@link keepCertificates} writes the new ones.
 *
 * @throws ArcError `authority-unreadable` for what is kept and cannot be read
 */
export async function certificatesOf(options: {
  root: string;
  project: string;
  wanted: readonly WantedCertificate[];
  now: Date;
}): Promise<ReadonlyMap<string, Certificate>> {
  const { root, wanted, now } = options;
  const found = new Map<string, Certificate>();
  // The certificates of a domain are all of one authority, also where it is new.
  const authorities = new Map<string, Issued & { fresh?: string }>();
  for (const { name, domain } of wanted) {
    const known = authorities.get(domain);
    const authority = known ?? (await authorityFor({ ...options, domain }));
    authorities.set(domain, authority);
    const kept = keptCertificate({ root, name, authority, domain, now });
    if (!('cause' in kept)) {
      found.set(name, { chain: kept.certificate, key: kept.key, files: [] });
      continue;
    }
    const { issueCertificate } = await import('./issue.ts');
    const issued = await issueCertificate({ authority, domain, now });
    const files = [
      ...(authority.fresh === undefined || known ? [] : [fileOf(authorityName, authority, authority.fresh)]),
      fileOf(name, issued, kept.cause),
    ];
    found.set(name, { chain: issued.certificate, key: issued.key, files });
  }
  return found;
}

/**
 * The authority of a workspace for a domain: the kept one, or a new one.
 *
 * @returns `fresh`: why it is a new one
 * @throws ArcError `authority-unreadable`
 */
export async function authorityFor(options: {
  root: string;
  project: string;
  domain: string;
  now: Date;
}): Promise<Issued & { fresh?: string }> {
  const { domain, now } = options;
  const kept = read({ ...options, name: authorityName });
  let fresh = 'no existing authority';
  if (kept !== undefined) {
    const { subject, validToDate } = new X509Certificate(kept.certificate);
    const isOther = !subject.endsWith(` for ${domain}`);
    if (!isOther && validToDate > now) return kept;
    fresh = isOther ? `the existing one cannot vouch for ${domain}` : 'the existing one has ended';
  }
  const { issueAuthority } = await import('./issue.ts');
  return { ...(await issueAuthority(options)), fresh };
}

/**
 * The certificate of the workspace's authority, if there is one.
 *
 * @throws ArcError `authority-unreadable`
 */
export function keptAuthority(root: string): readonly string[] {
  const kept = read({ root, name: authorityName });
  return kept === undefined ? [] : [kept.certificate];
}

/** Writes down what is new of certificates, for this user alone: keys are in it. */
export function keepCertificates(options: { root: string; files: readonly KeptFile[] }): void {
  const { root, files } = options;
  if (files.length === 0) return;
  prepareArcFolder(root);
  for (const { path, content } of files)
    replaceFile({ path: join(root, path), text: content.reveal(), mode: 0o600, durable: true });
}

/** The new authority among files that are to be kept, if there is one. */
export function newAuthority(files: readonly KeptFile[]): (KeptFile & Issued) | undefined {
  const file = files.find(({ path }) => path === pathOf(authorityName));
  return file && { ...file, ...parse({ path: file.path, text: file.content.reveal() }) };
}

/** Certificate and key are one file, so that no interruption leaves one without the other. */
function fileOf(name: string, { certificate, key }: Issued, cause: string): KeptFile {
  return { name, path: pathOf(name), content: new Secret(certificate + key.reveal()), cause };
}

function pathOf(name: string): string {
  return `${folder}/${name}.pem`;
}

function read({ root, name }: { root: string; name: string }): Issued | undefined {
  const path = pathOf(name);
  const text = readIfThere(join(root, path));
  return text === undefined ? undefined : parse({ path, text });
}

function parse({ path, text }: { path: string; text: string }): Issued {
  const [, certificate = '', key = ''] = /^(.*?)(-----BEGIN PRIVATE KEY-----.*)$/s.exec(text) ?? [];
  try {
    const fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    if (!fits) throw new Error('the key is not that of the certificate');
  } catch (cause) {
    throw failed({
      code: 'authority-unreadable',
      message: `${path} cannot be used: ${(cause as Error).message}.`,
      suggestion: `restore it, or remove ${folder} for a new authority, which machines must then trust: arc ca trust`,
    });
  }
  return { certificate, key: new Secret(key) };
}

/** A certificate that can go on being used, or why there has to be a new one. */
function keptCertificate(options: {
  root: string;
  name: string;
  authority: { certificate: string; fresh?: string };
  domain: string;
  now: Date;
}): Issued | { cause: string } {
  const { authority, domain, now } = options;
  if (authority.fresh !== undefined) return { cause: authority.fresh };
  const kept = read(options);
  if (kept === undefined) return { cause: 'no existing certificate' };
  const cause = faultOf({ certificate: kept.certificate, authority: authority.certificate, domain, now });
  return cause === undefined ? kept : { cause };
}

/** Why a certificate has to be a new one: for another domain, of another authority, or less than a third of its time is left. */
function faultOf(options: {
  certificate: string;
  authority: string;
  domain: string;
  now: Date;
}): string | undefined {
  const { domain, now } = options;
  const certificate = new X509Certificate(options.certificate);
  if (certificate.checkHost(`any.${domain}`) === undefined) return `the existing one is not for ${domain}`;
  if (!certificate.verify(new X509Certificate(options.authority).publicKey))
    return 'the existing one is of another authority';
  const { validToDate } = certificate;
  const isDue = now.getTime() >= validToDate.getTime() - (certificateDays * day) / 3;
  return isDue ? `the existing one ends on ${validToDate.toISOString().slice(0, 10)}` : undefined;
}
