import { join } from 'node:path';

/** A trust store of this machine, and how a certificate gets into it and out of it. */
export type TrustStore = {
  /** The name that people know. */
  name: string;
  /** The file that it takes certificates from, where it has such a folder. */
  file?: string;
  add: readonly string[];
  remove: readonly string[];
  /** Whether only root may. */
  root: boolean;
};

/** How to find out which stores exist. */
export type TrustFacts = {
  platform: NodeJS.Platform;
  home: string;
  /** Whether there is such a path. */
  exists: (path: string) => boolean;
  /** Whether there is such a program. */
  program: (name: string) => boolean;
};

/**
 * The certificate stores of this machine: the system's and, on Linux, Chromium's. Firefox has one in each of its
 * profiles and can also use the system's.
 *
 * @param options.label names the certificate in a store; it is part of a file's name
 * @param options.file the certificate, as PEM
 */
export function trustStores(options: {
  facts: TrustFacts;
  label: string;
  file: string;
}): readonly TrustStore[] {
  const { facts, label, file } = options;
  const { platform, home, exists, program } = facts;
  if (platform === 'darwin') {
    const keychain = '/Library/Keychains/System.keychain';
    return [
      {
        name: "the system's keychain",
        add: ['security', 'add-trusted-cert', '-d', '-r', 'trustRoot', '-k', keychain, file],
        remove: ['security', 'remove-trusted-cert', '-d', file],
        root: true,
      },
    ];
  }
  const stores: TrustStore[] = [];
  const folders = [
    // Debian, Ubuntu, Alpine; Fedora, RHEL; Arch.
    { folder: '/usr/local/share/ca-certificates', end: 'crt', update: ['update-ca-certificates'] },
    { folder: '/etc/pki/ca-trust/source/anchors', end: 'pem', update: ['update-ca-trust', 'extract'] },
    { folder: '/etc/ca-certificates/trust-source/anchors', end: 'pem', update: ['trust', 'extract-compat'] },
  ];
  const system = folders.find(({ folder, update }) => exists(folder) && program(update[0] ?? ''));
  if (system !== undefined)
    stores.push({
      name: 'the store of the system',
      file: join(system.folder, `${label}.${system.end}`),
      add: system.update,
      // A certificate that has gone stays behind in Debian's folder of links without it.
      remove: system.update[0] === 'update-ca-certificates' ? [...system.update, '--fresh'] : system.update,
      root: true,
    });
  const database = join(home, '.pki', 'nssdb');
  if (exists(database) && program('certutil'))
    stores.push({
      name: 'the store of Chromium',
      add: ['certutil', '-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', label, '-i', file],
      remove: ['certutil', '-d', `sql:${database}`, '-D', '-n', label],
      root: false,
    });
  return stores;
}
