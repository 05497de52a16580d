import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { configArchive, pathInVolume } from './config-archive.ts';
import { readOwners } from './tar-owners.ts';

test('config files are readable to every user of a container, in folders that are for root alone', async () => {
  const archive = await configArchive([
    { target: '/etc/arc/redis.conf', content: new Secret('port 6379\n') },
    { target: '/etc/livekit.yaml', content: new Secret('port: 7880\n') },
  ]);
  const entries = await readOwners({ stream: Readable.from([archive]), entries: 100, bytes: 1 << 20 });
  expect(entries.map(({ path, uid, mode }) => `${path} ${uid} ${mode.toString(8)}`)).toEqual([
    'config 0 700',
    'config/etc 0 700',
    'config/etc/arc 0 700',
    'config/etc/arc/redis.conf 0 444',
    'config/etc/livekit.yaml 0 444',
  ]);
});

test('a file that is not text arrives byte by byte', async () => {
  const bytes = new Uint8Array([0x00, 0xff, 0xfe, 0x80, 0x0a, 0xe9]);
  const archive = await configArchive([{ target: '/etc/geo.mmdb', content: bytes }]);
  const unpacked = extract();
  unpacked.end(archive);
  const found: Buffer[] = [];
  for await (const entry of unpacked) {
    if (entry.header.type === 'file') found.push(await buffer(entry));
    else entry.resume();
  }
  expect(found.map((content) => content.toString('hex'))).toEqual(['00fffe800ae9']);
});

test('a file keeps its path in the volume, and cannot leave it', () => {
  expect(pathInVolume('/etc/arc/redis.conf')).toBe('config/etc/arc/redis.conf');
  expect(pathInVolume('/../../etc/passwd')).toBe('config/etc/passwd');
});
