import { describe, expect, test } from 'vitest';
import { placeOfError, splitStatements } from './statements.ts';

const texts = (sql: string) => splitStatements(sql).map(({ text }) => text);

describe('the statements of a migration', () => {
  test('end at a semicolon, and the last at the end of the file', () => {
    expect(texts('SELECT 1;\n\nSELECT 2')).toEqual(['SELECT 1', 'SELECT 2']);
  });

  test('do not end within strings, quoted names, comments and dollar quotes', () => {
    const one = `CREATE FUNCTION f() RETURNS text AS $b$ SELECT ';' || $$;$$; $b$ LANGUAGE sql`;
    const two = `SELECT ';', E'\\';', "a;""b" /* ; /* ; */ ; */ -- ;\n FROM t`;
    expect(texts(`${one};${two};`)).toEqual([one, two]);
  });

  test('are none in a file of comments', () => {
    expect(texts('-- nothing;\n/* ; */\n;')).toEqual([]);
  });

  test('begin after the comments before them', () => {
    expect(splitStatements('-- why\nSELECT 1;')).toEqual([{ text: 'SELECT 1', offset: 7 }]);
  });

  test('keep a dollar sign that is part of a name', () => {
    expect(texts('SELECT a$b$ FROM t; SELECT c$b$ FROM t')).toHaveLength(2);
  });
});

describe('the place of an error', () => {
  const sql = "SELECT '😀';\nSELECT '😀', nothing;\n";
  const [, statement = { text: '', offset: 0 }] = splitStatements(sql);

  test('is counted in characters, as the server does', () => {
    expect(placeOfError({ sql, statement, position: 13 })).toEqual({ line: 2, column: 13 });
  });

  test('is where the statement begins, if the server names none', () => {
    expect(placeOfError({ sql, statement, position: undefined })).toEqual({ line: 2, column: 1 });
  });
});
