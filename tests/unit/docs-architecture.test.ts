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
    for (const [, target = ''] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
      const [top, other = '', below] = posix.join(posix.dirname(path), target).split('/');
      if (top === 'src' && below !== undefined && other !== room) imports.add(other);
    }
  }
  return rooms;
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
