// The library asks for it.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Secret } from '../../core/secret.ts';
import { certificateDays, type Issued } from './issued.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
/** The time that people keep it in a trust store. */
const authorityDays = 3_650;
/** Clocks of containers and browsers differ. */
const backdate = 3_600_000;
/** OID of name constraints (RFC 5280, 4.2.1.10). */
const nameConstraints = '2.5.29.30';

/**
 * Makes an authority that can vouch for one domain and its names, and for nothing else: whoever has its key cannot pose
 * as any other site to those who trust it.
 *
 * @param options.project is in its name, by which people find it in a trust store
 */
export async function issueAuthority(options: {
  project: string;
  domain: string;
  now: Date;
}): Promise<Issued> {
  const { project, domain, now } = options;
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ O: ['arc'] }, { CN: [`arc authority of ${project} for ${domain}`] }],
    notBefore: new Date(now.getTime() - backdate),
    notAfter: new Date(now.getTime() + authorityDays * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(nameConstraints, true, permittedName(domain)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), key: await pemKey(keys.privateKey) };
}

/** Makes a server's certificate for a domain and all names one step below it. */
export async function issueCertificate(options: {
  authority: Issued;
  domain: string;
  now: Date;
}): Promise<Issued> {
  const { authority, domain, now } = options;
  const keys = await newKeys();
  const issuer = new X509Certificate(authority.certificate);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [domain] }],
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - backdate),
    notAfter: new Date(now.getTime() + certificateDays * day),
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: domain },
        { type: 'dns', value: `*.${domain}` },
      ]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), key: await pemKey(keys.privateKey) };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function pemKey(key: CryptoKey): Promise<Secret> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key);
  return new Secret(`${PemConverter.encode(bytes, PemConverter.PrivateKeyTag)}\n`);
}

function readKey(key: Secret): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(key.reveal()), algorithm, false, ['sign']);
}

/** 128 bits by chance, as a positive number. */
function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte, index) =>
    (index === 0 ? byte & 0x7f : byte).toString(16).padStart(2, '0'),
  ).join('');
}

/** `permittedSubtrees` with one name of DNS, in DER: three boxes in each other, each with a length of one byte. */
function permittedName(domain: string): Uint8Array<ArrayBuffer> {
  const box = (tag: number, content: readonly number[]): number[] => [
    tag,
    ...(content.length < 0x80 ? [content.length] : [0x81, content.length]),
    ...content,
  ];
  const name = box(0x82, [...Buffer.from(domain, 'ascii')]);
  return Uint8Array.from(box(0x30, box(0xa0, box(0x30, name))));
}
