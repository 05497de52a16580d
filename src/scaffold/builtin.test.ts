import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serviceText } from '../../tests/fixtures/workspace.ts';
import { readBuiltin } from './builtin.ts';
import { writeWorkspace } from './write-workspace.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arc-builtin-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('files of every kind in the folders of a service arrive byte by byte, and rendered ones not at all', async () => {
  const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x0a]);
  const written = new Map<string, string | Uint8Array>([
    ['services/profiles.yaml', 'profiles: { think: { description: All., services: [store] } }\n'],
    ['services/store/service.yaml', serviceText('store', '')],
    ['services/store/migrations/0001.sql', 'SELECT 1;\n'],
    ['services/store/data/deep/map.bin', bytes],
    ['services/store/rendered/rules/a.yaml', 'generated: true\n'],
    ['services/store/Dockerfile', 'FROM scratch\n'],
    ['schemas/service.schema.json', '{}\n'],
    ['contracts/README.md', 'No contract.\n'],
  ]);
  for (const [path, content] of written) {
    await mkdir(dirname(join(folder, 'package', path)), { recursive: true });
    await writeFile(join(folder, 'package', path), content);
  }
  const { files } = await readBuiltin({ packageRoot: join(folder, 'package') });
  expect([...files.keys()]).toEqual([
    'services/profiles.yaml',
    'services/store/data/deep/map.bin',
    'services/store/migrations/0001.sql',
    'services/store/service.yaml',
    'schemas/service.schema.json',
  ]);
  const root = join(folder, 'workspace');
  await writeWorkspace({ root, files, lines: new Map() });
  expect(await readFile(join(root, 'services/store/data/deep/map.bin'))).toEqual(bytes);
  expect(await readFile(join(root, 'services/store/migrations/0001.sql'), 'utf8')).toBe('SELECT 1;\n');
});
