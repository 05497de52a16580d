import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../tests/support/needs.ts';
import { prepareArcFolder, replaceFile } from './files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-files-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('what arc writes', () => {
  test('has the mode that is given, whatever the umask', () => {
    const before = process.umask(0o077);
    try {
      replaceFile({ path: join(root, 'file'), text: 'x', mode: 0o644 });
    } finally {
      process.umask(before);
    }
    expect(statSync(join(root, 'file')).mode & 0o777).toBe(0o644);
  });

  test('belongs to the owner of the folder when root writes it', needs('root'), () => {
    mkdirSync(join(root, 'theirs'));
    chownSync(join(root, 'theirs'), 4711, 4712);
    prepareArcFolder(join(root, 'theirs'));
    replaceFile({ path: join(root, 'theirs/.arc/config/cache/redis.conf'), text: 'x', mode: 0o644 });
    for (const path of ['theirs/.arc', 'theirs/.arc/.gitignore', 'theirs/.arc/config/cache'])
      expect(statSync(join(root, path))).toMatchObject({ uid: 4711, gid: 4712 });
  });
});
