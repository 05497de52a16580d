import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
}, 180_000);
afterAll(() => stage?.close());

async function psql(statement: string): Promise<string> {
  const call = [
    'psql',
    '--no-psqlrc',
    '--tuples-only',
    '--no-align',
    '-U',
    'postgres',
    '-h',
    '/run/postgresql',
  ];
  return (await stage.succeed(['exec', 'sql', ...call, '-c', statement])).stdout.trim();
}

describe('the SQL database', () => {
  it('is PostgreSQL 18, whose locale depends on no library of its image', async () => {
    expect(await psql('SHOW server_version')).toMatch(/^18\./);
    expect(
      await psql("SELECT datlocprovider, datlocale, datcollate FROM pg_database WHERE datname = 'template1'"),
    ).toBe('b|C.UTF-8|C');
    expect(await psql('SHOW data_checksums')).toBe('on');
  });

  it('has vectors', async () => {
    await psql('CREATE EXTENSION vector');
    expect(await psql("SELECT '[1,0]'::vector <=> '[0,1]'::vector")).toBe('1');
  });

  it('asks for a password over the network', async () => {
    const { exitCode, stderr } = await stage.arc([
      'exec',
      'sql',
      'psql',
      '--no-password',
      '-U',
      'postgres',
      '-h',
      '127.0.0.1',
      '-c',
      'SELECT 1',
    ]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('no password supplied');
  });

  it('is there again after a restart, with its data', async () => {
    await psql('CREATE TABLE kept (word text)');
    await psql("INSERT INTO kept VALUES ('before')");
    await stage.succeed(['restart', 'sql', '--yes']);
    expect(await psql('SELECT word FROM kept')).toBe('before');
    await stage.succeed(['down', 'sql']);
    await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
    expect(await psql('SELECT word FROM kept')).toBe('before');
  });
});
