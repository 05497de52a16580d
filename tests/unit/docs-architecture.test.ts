import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage, sourceFiles } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

const page = readPage('docs/architecture.md');

/** `engine → stack`: the rooms that each room's files import from, as they are. */
function importsOfRooms(): ReadonlyMap<string, ReadonlySet<string>> {
  const rooms = new Map<string, Set<string>>();
  for (const { path, text } of sourceFiles()) {
    const [, room = '', rest] = path.split('/');
    if (rest === undefined) continue;
    const imports = rooms.get(room) ?? new Set<string>();
    rooms.set(room, imports);
    for (const [, target = ''] of text.matchAll(importOfFile)) {
      const [top, other = '', below] = posix.join(posix.dirname(path), target).split('/');
      if (top === 'src' && below !== undefined && other !== room) imports.add(other);
    }
  }
  return rooms;
}

const importOfFile = /(?:from|import\() ?'(\.[^']+)'/g;

/** By library, the folders below src/ that import it, and the files that are in none. */
function foldersOfLibraries(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, text } of sourceFiles()) {
    const folder = posix.dirname(path).slice('src/'.length) || posix.basename(path);
    // A name ends before the file within: `@scope/name/file`.
    const imports =
      /(?:^import [^;]*from|^export [^;]*from|import\(|require\() ?'((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/gm;
    for (const [, library = ''] of text.matchAll(imports)) {
      const folders = found.get(library) ?? new Set<string>();
      found.set(library, folders.add(folder));
    }
  }
  return found;
}

function librariesOnPage(): ReadonlyMap<string, readonly string[]> {
  const names = (cell: string): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
  const table = page.prose.split('| library | only in | for |')[1]?.split('\n\n')[0] ?? '';
  const rows = table.matchAll(/^\| (`[^|]+) \| (`[^|]+) \|/gm);
  return new Map(
    Array.from(rows, ([, libraries = '', rooms = '']) =>
      names(libraries).map((library) => [library, names(rooms)] as const),
    ).flat(),
  );
}

/** The same, as the page has it. */
function importsOnPage(): ReadonlyMap<string, readonly string[]> {
  const rows = page.prose.matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm);
  return new Map(
    Array.from(rows, ([, room = '', imports = '']) => [
      room,
      imports.replaceAll(/\([^)]*\)/g, '').match(/[a-z]+/g) ?? [],
    ]),
  );
}

describe('docs/architecture.md', () => {
  it('has a row for every room', () => {
    const rooms = readdirSync(join(repository, 'src'), { withFileTypes: true });
    expect([...importsOnPage().keys()].sort()).toEqual(
      rooms.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    );
  });

  it('names the rooms that each imports from, and cli may import from all', () => {
    const real = importsOfRooms();
    for (const [room, imports] of importsOnPage()) {
      if (room !== 'cli') expect(imports.toSorted(), room).toEqual([...(real.get(room) ?? [])].sort());
    }
  });

  it('names the rooms that each library is imported in', () => {
    const onPage = librariesOnPage();
    const real = foldersOfLibraries();
    expect([...onPage.keys()].sort()).toEqual([...real.keys()].sort());
    for (const [library, folders] of real) {
      const rooms = onPage.get(library) ?? [];
      const roomOf = (folder: string) => rooms.find((room) => `${folder}/`.startsWith(`${room}/`)) ?? folder;
      expect([...new Set(Array.from(folders, roomOf))].sort(), library).toEqual(rooms.toSorted());
    }
  });

  it('is right that no provider imports another, and that only src/app/providers.ts lists them', () => {
    for (const { path, text } of sourceFiles()) {
      for (const [, target = ''] of text.matchAll(importOfFile)) {
        const imported = posix.join(posix.dirname(path), target);
        const [, provider] = /^src\/providers\/([^/]+)\//.exec(imported) ?? [];
        if (provider === undefined || path === 'src/app/providers.ts') continue;
        expect(path.startsWith(`src/providers/${provider}/`), `${path} imports ${imported}`).toBe(true);
      }
    }
  });

  it('is right that no command imports another', () => {
    for (const { path, text } of sourceFiles()) {
      const [, verb] = /^src\/cli\/([^/]+)\//.exec(path) ?? [];
      if (verb === undefined || verb === 'output') continue;
      for (const [, target = ''] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
        const imported = posix.join(posix.dirname(path), target);
        const [, other = verb] = /^src\/cli\/([^/]+)\//.exec(imported) ?? [];
        expect([verb, 'output'], path).toContain(other);
      }
    }
  });

  it('is right that rooms do not import each other in a circle', () => {
    const rooms = importsOfRooms();
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of rooms.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
      return seen;
    };
    for (const room of rooms.keys())
      expect(reach(room).has(room), `${room} imports itself through others`).toBe(false);
  });

  it('names files that exist', () => {
    for (const [, path = ''] of page.prose.matchAll(
      /`((?:src|services|schemas|scripts|tests|bin)\/[^`<]*)`/g,
    ))
      expect(existsSync(join(repository, path)), path).toBe(true);
  });
});
