import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimHome, readHome } from './identity.ts';

let base: string;
let root: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'arc-identity-')));
  root = join(base, 'arc');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true }));

function claim(folder = root) {
  return claimHome({ root: folder, home: readHome({ root: folder }), takeOver: [] });
}

describe('the identity of a workspace', () => {
  test('is its place alone until something is made from it; looking at it writes nothing', () => {
    expect(readHome({ root })).toEqual({ folder: root, host: hostname(), takenOver: [] });
    expect(() => statSync(join(root, '.arc'))).toThrow();
  });

  test('gets an id that stays, and that git ignores', () => {
    const { id } = claim();
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(claim().id).toBe(id);
    expect(readFileSync(join(root, '.arc/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('moves along with the folder', () => {
    const { id } = claim();
    const moved = join(base, 'moved');
    renameSync(root, moved);
    expect(claim(moved)).toMatchObject({ id, folder: moved });
    expect(readHome({ root: moved }).id).toBe(id);
  });

  test('is the same through a link', () => {
    const { id } = claim();
    symlinkSync(root, join(base, 'link'));
    expect(readHome({ root: join(base, 'link') })).toMatchObject({ id, folder: root });
  });

  test('is another one for a copy, as long as the original is there', () => {
    const { id } = claim();
    const copy = join(base, 'copy');
    cpSync(root, copy, { recursive: true });
    expect(readHome({ root: copy }).id).toBeUndefined();
    const own = claim(copy).id;
    expect(own).not.toBe(id);
    expect(readHome({ root: copy }).id).toBe(own);
    expect(readHome({ root }).id).toBe(id);
  });

  test('remembers whose data it uses', () => {
    const home = claimHome({
      root,
      home: readHome({ root }),
      takeOver: [
        { id: 'bbbb', folder: '/b' },
        { folder: '/c', host: 'laptop2' },
      ],
    });
    expect(home.takenOver).toEqual(['bbbb', 'laptop2:/c']);
    expect(readHome({ root }).takenOver).toEqual(['bbbb', 'laptop2:/c']);
  });

  test.each(['', '{', '{"id":"x"}', '{"id":"0123456789abcdef","folder":"/a"}'])(
    'is an error at its place where the file cannot be understood: %s',
    (text) => {
      mkdirSync(join(root, '.arc'));
      writeFileSync(join(root, '.arc/workspace.json'), text);
      expect(() => readHome({ root })).toThrow(
        `${root}/.arc/workspace.json does not say which workspace this is.`,
      );
    },
  );
});
