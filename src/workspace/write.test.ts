import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artefact } from '../render/artefact.ts';
import { textWithHeader } from '../render/config.ts';
import { withHeader } from '../render/header.ts';
import { applyWrites, isUpToDate, planWrites, repairLineEnds } from './write.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'arc-write-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function artefact(path: string, text: string): Artefact {
  return { path, text: withHeader({ source: 'services/cache/service.yaml', text }) };
}

async function onDisk(path: string, text: string) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function generate(artefacts: readonly Artefact[], force = false) {
  return applyWrites({ root, plan: await planWrites({ root, artefacts }), force });
}

const old = artefact('services/cache/redis.conf', 'port 1\nsame\n');
const current = artefact('services/cache/redis.conf', 'port 2\nsame\n');

test('what is missing is created, and then nothing changes', async () => {
  expect(await generate([current])).toEqual(['services/cache/redis.conf']);
  expect(await readFile(join(root, current.path), 'utf8')).toBe(current.text);
  expect((await stat(join(root, current.path))).mode & 0o777).toBe(0o644);
  expect(isUpToDate(await planWrites({ root, artefacts: [current] }))).toBe(true);
  expect(await generate([current])).toEqual([]);
});

test('line ends are no difference, in a file of now and of before', async () => {
  await onDisk(current.path, current.text.replaceAll('\n', '\r\n'));
  const plan = await planWrites({ root, artefacts: [current] });
  expect(plan.files[0]).toMatchObject({ state: 'unchanged', hasWindowsLineEnds: true, diff: '' });
  expect(isUpToDate(plan)).toBe(true);
  await onDisk(old.path, old.text.replaceAll('\n', '\r\n'));
  expect((await planWrites({ root, artefacts: [current] })).files[0]?.state).toBe('changed');
});

test('repairing line ends changes nothing else', async () => {
  const edited = old.text.replace('port 1', 'port 3');
  await onDisk(old.path, edited.replaceAll('\n', '\r\n'));
  const { files } = await planWrites({ root, artefacts: [current] });
  expect(files[0]?.state).toBe('edited-by-hand');
  repairLineEnds({ root, files });
  expect(await readFile(join(root, old.path), 'utf8')).toBe(edited);
});

test('what arc generated before is changed, with a diff', async () => {
  await onDisk(old.path, old.text);
  const plan = await planWrites({ root, artefacts: [current] });
  expect(plan.files[0]?.state).toBe('changed');
  expect(plan.files[0]?.diff).toContain(
    '--- a/services/cache/redis.conf\n+++ b/services/cache/redis.conf\n@@ -1,4 +1,4 @@\n',
  );
  expect(plan.files[0]?.diff).toMatch(/\n-port 1\n(.*\n)?\+port 2\n same\n$/);
});

test.each([
  ['an edited file', old.text.replace('port 1', 'port 3')],
  ["somebody's own file", 'port 3\n'],
])('%s is only overwritten when told to', async (_, text) => {
  await onDisk(old.path, text);
  const other = artefact('services/cache/other.conf', 'x\n');
  await expect(generate([other, current])).rejects.toMatchObject({
    status: 2,
    problems: [
      {
        code: 'edited-by-hand',
        message: 'services/cache/redis.conf is generated, and was edited by hand; it is not overwritten.',
      },
    ],
  });
  await expect(stat(join(root, other.path))).rejects.toThrow('ENOENT');
  expect(await generate([other, current], true)).toEqual([other.path, current.path]);
  expect(await readFile(join(root, current.path), 'utf8')).toBe(current.text);
});

test('files of a service that is gone are reported, and nothing else', async () => {
  await onDisk('services/gone/Dockerfile', old.text);
  await onDisk('services/gone/notes.md', 'mine\n');
  await onDisk(current.path, current.text);
  const plan = await planWrites({ root, artefacts: [current], staleIn: ['services', 'nowhere'] });
  expect(plan.stale).toEqual(['services/gone/Dockerfile']);
  expect(isUpToDate(plan)).toBe(false);
});

describe('private files', () => {
  const secret = artefact('.arc/config/cache/redis.conf', 'requirepass real\n');

  test('are in a folder that is closed to others, ignored by git, and readable to a container', async () => {
    await generate([secret]);
    expect((await stat(join(root, '.arc/config/cache'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(root, secret.path))).mode & 0o777).toBe(0o644);
    expect(await readFile(join(root, '.arc/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('of a folder that is mounted leave it open to the user of the container', async () => {
    await generate([artefact('.arc/config/gateway/rendered/dynamic/routes.yaml', 'http: {}\n')]);
    const modeOf = async (path: string) => (await stat(join(root, path))).mode & 0o777;
    expect(await modeOf('.arc/config/gateway')).toBe(0o700);
    expect(await modeOf('.arc/config/gateway/rendered')).toBe(0o755);
    expect(await modeOf('.arc/config/gateway/rendered/dynamic')).toBe(0o755);
  });

  test('are not shown in a diff', async () => {
    const plan = await planWrites({ root, artefacts: [secret] });
    expect(plan.files).toMatchObject([{ state: 'created', diff: '' }]);
  });
});

test('a JSON file, which has no comments, is changed, edited by hand or stale as any other', async () => {
  const path = 'services/logs/rendered/pages/a.json';
  const json = (rooms: number): Artefact => ({
    path,
    text: textWithHeader({
      path,
      template: 'services/logs/pages/a.json.liquid',
      body: `{ "rooms": ${rooms} }\n`,
    }),
  });
  expect(await generate([json(1)])).toEqual([path]);
  expect(isUpToDate(await planWrites({ root, artefacts: [json(1)] }))).toBe(true);
  expect((await planWrites({ root, artefacts: [json(2)] })).files[0]?.state).toBe('changed');
  await onDisk(path, json(1).text.replace('"rooms": 1', '"rooms": 3'));
  expect((await planWrites({ root, artefacts: [json(2)] })).files[0]?.state).toBe('edited-by-hand');
  expect((await planWrites({ root, artefacts: [], staleIn: ['services'] })).stale).toEqual([path]);
});

test('a template of a JSON file that gives no object is an error at its place', () => {
  const template = 'services/logs/pages/a.json.liquid';
  expect(() => textWithHeader({ path: 'services/logs/a.json', template, body: '[1]' })).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          code: 'config-not-an-object',
          location: { file: template, line: 1, column: 1 },
        }),
      ],
    }),
  );
});

test('a file that a full disk left empty is written anew, without force', async () => {
  expect(await generate([current])).toEqual([current.path]);
  await writeFile(join(root, current.path), '');
  expect(await generate([current])).toEqual([current.path]);
  expect(await readFile(join(root, current.path), 'utf8')).toBe(current.text);
});

test('an edited file that is not UTF-8 is told with its place', async () => {
  await generate([current]);
  await writeFile(join(root, current.path), Buffer.from('port 1\n# acc\xe8s\n', 'latin1'));
  const plan = await planWrites({ root, artefacts: [current] });
  expect(plan.files).toMatchObject([
    {
      state: 'edited-by-hand',
      problem: { code: 'not-utf8', location: { file: current.path, line: 2, column: 6 } },
    },
  ]);
});

test('a path that leaves the workspace is refused', async () => {
  await expect(generate([artefact('../x', 'x\n')])).rejects.toMatchObject({
    problems: [{ code: 'path-outside' }],
  });
});

test('a folder in the place of a file is an error', async () => {
  await mkdir(join(root, current.path), { recursive: true });
  await expect(generate([current])).rejects.toMatchObject({ status: 1, problems: [{ code: 'cannot-read' }] });
});
