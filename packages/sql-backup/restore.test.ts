import { describe, expect, test } from 'vitest';
import type { DatabaseManifest } from './manifest.ts';
import { chooseMoves } from './restore.ts';

const databases = ['agents', 'other'].map((name) => ({ name })) as DatabaseManifest[];

describe('what is restored', () => {
  test('is every database under its own name', () => {
    expect(chooseMoves({ databases }).map(({ to }) => to)).toEqual(['agents', 'other']);
  });

  test('is one database, under another name where that is wanted', () => {
    expect(chooseMoves({ databases, database: 'other', to: 'copy' }).map(({ to }) => to)).toEqual(['copy']);
  });

  test('cannot be two databases under one name', () => {
    expect(() => chooseMoves({ databases, to: 'copy' })).toThrow(
      'the backup holds 2 databases, and only one can get the name copy',
    );
  });

  test('cannot be a database that the backup does not hold', () => {
    expect(() => chooseMoves({ databases, database: 'gone' })).toThrow(
      'the backup holds no database gone, only agents, other',
    );
  });
});
