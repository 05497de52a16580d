import { expect, test } from 'vitest';
import { type TrustFacts, trustStores } from './trust-store.ts';

const stores = (platform: NodeJS.Platform, paths: readonly string[], programs: readonly string[]) => {
  const facts: TrustFacts = {
    platform,
    home: '/home/ada',
    exists: (path) => paths.includes(path),
    program: (name) => programs.includes(name),
  };
  return trustStores({ facts, label: 'arc-demo', file: '/tmp/a.pem' }).map(({ name, file, add }) => [
    name,
    file ?? '',
    add.join(' '),
  ]);
};

test.each([
  ['/usr/local/share/ca-certificates', 'update-ca-certificates', 'arc-demo.crt', 'update-ca-certificates'],
  ['/etc/pki/ca-trust/source/anchors', 'update-ca-trust', 'arc-demo.pem', 'update-ca-trust extract'],
  ['/etc/ca-certificates/trust-source/anchors', 'trust', 'arc-demo.pem', 'trust extract-compat'],
])('a Linux that keeps them in %s takes a file there', (folder, program, file, add) => {
  expect(stores('linux', [folder], [program])).toEqual([
    ['the store of the system', `${folder}/${file}`, add],
  ]);
});

test('Chromium on Linux has a store of its own, which certutil writes', () => {
  expect(stores('linux', ['/home/ada/.pki/nssdb'], ['certutil'])).toEqual([
    ['the store of Chromium', '', 'certutil -d sql:/home/ada/.pki/nssdb -A -t C,, -n arc-demo -i /tmp/a.pem'],
  ]);
});

test('a Mac has a keychain', () => {
  expect(stores('darwin', [], []).map(([name]) => name)).toEqual(["the system's keychain"]);
});

test('a machine without any has none', () => {
  expect(stores('linux', ['/usr/local/share/ca-certificates'], [])).toEqual([]);
});
