import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * A certificate authority, and certificates of it for an Engine and a client, as Docker's documentation has them made.
 *
 * @returns the flags of dockerd that make it take no other client
 */
export async function makeCertificates(options: {
  folder: string;
  address: string;
}): Promise<{ flags: readonly string[] }> {
  const { folder, address } = options;
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder, stdin: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=test',
    '-days',
    '2',
  );
  for (const [name, use, extensions] of [
    ['server-', 'serverAuth', `subjectAltName=IP:${address}\n`],
    ['', 'clientAuth', ''],
  ] as const) {
    writeFileSync(file('extensions'), `${extensions}extendedKeyUsage=${use}\n`);
    await openssl('req', ...key, '-keyout', `${name}key.pem`, '-out', 'request.pem', '-subj', `/CN=${use}`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'extensions'];
    await openssl('x509', '-req', '-in', 'request.pem', ...signed, '-out', `${name}cert.pem`, '-days', '2');
  }
  return {
    flags: [
      ...['--tlsverify', `--tlscacert=${file('ca.pem')}`],
      ...[`--tlscert=${file('server-cert.pem')}`, `--tlskey=${file('server-key.pem')}`],
    ],
  };
}
