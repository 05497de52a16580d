import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkNewFolder, writeWorkspace } from './write-workspace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text = ''): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('a folder that can become a workspace', () => {
  test('is empty, or not there yet', () => {
    expect(() => checkNewFolder(folder)).not.toThrow();
    expect(() => checkNewFolder(join(folder, 'not/made/yet'))).not.toThrow();
  });

  test('may hold version control, a package and a readme', () => {
    for (const path of [
      '.git/HEAD',
      '.gitignore',
      'README.md',
      'package.json',
      'node_modules/x/y',
      'LICENSE',
    ])
      put(path);
    expect(() => checkNewFolder(folder)).not.toThrow();
  });

  test('is not one already', () => {
    put('arc.yaml');
    expect(() => checkNewFolder(folder)).toThrow(
      expect.objectContaining({
        code: 'workspace-exists',
        status: 2,
        message: `${folder} is a workspace already: it has arc.yaml.`,
      }),
    );
  });

  test('does not have services of somebody else', () => {
    put('services/web/main.go');
    expect(() => checkNewFolder(folder)).toThrow(expect.objectContaining({ code: 'workspace-exists' }));
  });

  test('does not hold other work, which is named', () => {
    for (const path of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) put(path);
    expect(() => checkNewFolder(folder)).toThrow(
      expect.objectContaining({
        code: 'folder-not-empty',
        message: `${folder} is not empty: it has a.txt, b.txt, c.txt and more.`,
      }),
    );
  });

  test('is not a file', () => {
    put('file');
    expect(() => checkNewFolder(join(folder, 'file'))).toThrow(
      expect.objectContaining({ code: 'not-a-folder' }),
    );
    expect(() => checkNewFolder(join(folder, 'file', 'below'))).toThrow(
      expect.objectContaining({ code: 'not-a-folder' }),
    );
  });
});

describe('writing', () => {
  const files = new Map([
    ['arc.yaml', 'project: demo\n'],
    ['services/cache/service.yaml', 'name: arc-cache\n'],
  ]);

  test('makes the folders and files, and tells git what to ignore', async () => {
    const root = join(folder, 'deep', 'down');
    await writeWorkspace({ root, files, lines: new Map([['.gitignore', ['.arc/']]]) });
    expect(readFileSync(join(root, 'services/cache/service.yaml'), 'utf8')).toBe('name: arc-cache\n');
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('.arc/\n');
  });

  test('keeps a .gitignore, and adds only what it lacks', async () => {
    put('.gitignore', 'node_modules/');
    await writeWorkspace({
      root: folder,
      files,
      lines: new Map([['.gitignore', ['.arc/', 'node_modules/']]]),
    });
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('node_modules/\n.arc/\n');
  });

  test('adds no line that a file with the line ends of Windows has', async () => {
    put('.gitignore', 'node_modules/\r\n.arc/\r\n');
    await writeWorkspace({ root: folder, files, lines: new Map([['.gitignore', ['.arc/']]]) });
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('node_modules/\r\n.arc/\r\n');
  });

  test('never overwrites, and leaves nothing behind when it fails', async () => {
    put('services/cache/service.yaml', 'mine');
    await expect(writeWorkspace({ root: folder, files, lines: new Map() })).rejects.toMatchObject({
      code: 'write-failed',
    });
    expect(readFileSync(join(folder, 'services/cache/service.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'arc.yaml'))).toBe(false);
  });

  test('removes the folders that it made when it fails', async () => {
    const bad = new Map([...files, ['arc.yaml/below', '']]);
    await expect(
      writeWorkspace({ root: join(folder, 'new'), files: bad, lines: new Map() }),
    ).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
