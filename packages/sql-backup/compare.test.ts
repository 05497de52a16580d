import { describe, expect, test } from 'vitest';
import { differences } from './compare.ts';
import type { DatabaseManifest } from './manifest.ts';

const wanted: DatabaseManifest = {
  name: 'agents',
  dump: { key: 'sql/a/agents.dump', bytes: 1, sha256: 'f' },
  creation: {
    owner: 'postgres',
    encoding: 'UTF8',
    localeProvider: 'b',
    collate: 'C',
    ctype: 'C',
    locale: 'C.UTF-8',
    settings: [],
    grants: [],
  },
  contents: {
    tables: { 'agents.conversations': { rows: 3, hash: '11' } },
    extensions: { vector: '0.8.5' },
  },
};
const { tables, extensions } = wanted.contents;

describe('a restored database', () => {
  test('does not differ where each table has the same rows', () => {
    expect(differences({ wanted, restored: wanted.contents })).toEqual([]);
  });

  test('differs by a table that is missing, or that nobody backed up', () => {
    expect(differences({ wanted, restored: { tables: {}, extensions } })).toEqual([
      'agents: table agents.conversations is missing',
    ]);
    const more = { ...tables, 'public.new': { rows: 0, hash: '0' } };
    expect(differences({ wanted, restored: { tables: more, extensions } })).toEqual([
      "agents: table public.new is not in the backup's manifest",
    ]);
  });

  test('differs by the number of rows, and by what is in them', () => {
    const with2 = { 'agents.conversations': { rows: 2, hash: '7' } };
    expect(differences({ wanted, restored: { tables: with2, extensions } })).toEqual([
      'agents: table agents.conversations has 2 rows instead of 3',
    ]);
    const others = { 'agents.conversations': { rows: 3, hash: '12' } };
    expect(differences({ wanted, restored: { tables: others, extensions } })).toEqual([
      'agents: table agents.conversations has other contents in its 3 rows',
    ]);
  });

  test('differs by an extension that is missing, not by its version', () => {
    expect(differences({ wanted, restored: { tables, extensions: {} } })).toEqual([
      'agents: extension vector is missing',
    ]);
    expect(differences({ wanted, restored: { tables, extensions: { vector: '0.8.6' } } })).toEqual([]);
  });
});
