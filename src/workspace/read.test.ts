import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArcError } from '../core/errors.ts';
import { maximumFileSize } from '../core/text.ts';
import { findWorkspace, readWorkspace } from './read.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-read-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ArcError)) throw error ?? new Error('there was no problem');
  return error.problems.map(({ code, message }) => `${code} ${message}`);
}

/** Root may read everything, so root does it as nobody. */
async function asSomebody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('findWorkspace', () => {
  test('finds the nearest folder above that holds arc.yaml or services/profiles.yaml', async () => {
    write('arc.yaml');
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    expect(await findWorkspace({ cwd: join(root, 'a', 'b') })).toBe(root);
    write('a/services/profiles.yaml');
    expect(await findWorkspace({ cwd: join(root, 'a', 'b') })).toBe(join(root, 'a'));
    expect(await findWorkspace({ cwd: root })).toBe(root);
  });

  test('says what it looked for where there is none', async () => {
    expect(await problemsOf(findWorkspace({ cwd: root }))).toEqual([
      `no-workspace Neither ${root} nor a folder above it holds arc.yaml or services/profiles.yaml.`,
    ]);
  });
});

describe('readWorkspace', () => {
  test('reads every file of the folders below a service, but what is a program’s own or hidden', async () => {
    write('arc.yaml');
    write('services/sql/service.yaml');
    write('services/sql/migrations/0001.sql', 'select 1;');
    write('services/sql/dashboards/deep/a.json', '{}');
    write('services/sql/worker/package.json', '{}');
    write('services/sql/worker/main.ts');
    write('services/sql/migrations/.swp');
    write('services/sql/migrations/node_modules/x.sql');
    symlinkSync('..', join(root, 'services/sql/migrations/up'));
    symlinkSync('0001.sql', join(root, 'services/sql/migrations/0002.sql'));
    const files = await readWorkspace({ root });
    expect([...files.keys()]).toEqual([
      'arc.yaml',
      'services/sql/dashboards/deep/a.json',
      'services/sql/migrations/0001.sql',
      'services/sql/migrations/0002.sql',
      'services/sql/service.yaml',
    ]);
    expect(files.get('services/sql/migrations/0002.sql')).toBe('select 1;');
  });

  test('names a link below a service that leads nowhere', async () => {
    write('services/sql/service.yaml');
    mkdirSync(join(root, 'services/sql/migrations'));
    symlinkSync('gone', join(root, 'services/sql/migrations/0001.sql'));
    expect(await problemsOf(readWorkspace({ root }))).toEqual([
      'unreadable-file services/sql/migrations/0001.sql could not be read: it is a link that leads nowhere.',
    ]);
  });

  test('reads manifests, templates and config files, and leaves the rest alone', async () => {
    for (const path of [
      'arc.yaml',
      'README.md',
      'services/profiles.yaml',
      'services/notes.txt',
      'services/b/service.yaml',
      'services/a/service.yaml',
      'services/a/app.yaml.liquid',
      'services/a/app.yaml',
      'services/a/docker-compose.yml',
      'services/a/docker-compose.start-interval.yml',
      'services/a/Dockerfile',
      'services/a/deeper/service.yaml',
    ]) {
      write(path, path);
    }
    expect([...(await readWorkspace({ root }))]).toEqual(
      [
        'arc.yaml',
        'services/a/app.yaml',
        'services/a/app.yaml.liquid',
        'services/a/deeper/service.yaml',
        'services/a/service.yaml',
        'services/b/service.yaml',
        'services/profiles.yaml',
      ].map((path) => [path, path]),
    );
  });

  test('reads a workspace that has no services yet', async () => {
    write('arc.yaml', 'project: x');
    expect([...(await readWorkspace({ root })).keys()]).toEqual(['arc.yaml']);
  });

  test('follows links to folders and files', async () => {
    write('elsewhere/service.yaml', 'x');
    mkdirSync(join(root, 'services'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'services', 'a'));
    expect((await readWorkspace({ root })).get('services/a/service.yaml')).toBe('x');
  });

  test('gives bytes where a file is not UTF-8, and text where it only holds the replacement character', async () => {
    write('services/a/service.yaml', new Uint8Array([0x61, 0xff]));
    write('services/b/service.yaml', 'a\uFFFD');
    const files = await readWorkspace({ root });
    expect(files.get('services/a/service.yaml')).toEqual(Buffer.from([0x61, 0xff]));
    expect(files.get('services/b/service.yaml')).toBe('a\uFFFD');
  });

  test('does not read a huge file whole', async () => {
    write('services/a/service.yaml', new Uint8Array(5 * maximumFileSize));
    expect((await readWorkspace({ root })).get('services/a/service.yaml')).toHaveLength(maximumFileSize + 1);
  });

  test('names everything that is not a file, or cannot be reached, at once', async () => {
    mkdirSync(join(root, 'services', 'a', 'service.yaml'), { recursive: true });
    mkdirSync(join(root, 'services', 'b'));
    execFileSync('mkfifo', [join(root, 'services', 'b', 'service.yaml')]);
    mkdirSync(join(root, 'services', 'c'));
    symlinkSync('nowhere', join(root, 'services', 'c', 'service.yaml'));
    mkdirSync(join(root, 'services', 'd'));
    symlinkSync('service.yaml', join(root, 'services', 'd', 'service.yaml'));
    expect(await problemsOf(readWorkspace({ root }))).toEqual([
      'not-a-file services/a/service.yaml is not a file.',
      'not-a-file services/b/service.yaml is not a file.',
      'unreadable-file services/c/service.yaml could not be read: it is a link that leads nowhere.',
      'unreadable-file services/d/service.yaml could not be read: its symbolic links lead in a circle.',
    ]);
  });

  test('says which file or folder may not be read', async () => {
    write('services/a/service.yaml');
    write('services/b/service.yaml');
    chmodSync(join(root, 'services', 'a'), 0o000);
    chmodSync(join(root, 'services', 'b', 'service.yaml'), 0o000);
    chmodSync(root, 0o755);
    expect(await asSomebody(() => problemsOf(readWorkspace({ root })))).toEqual([
      'unreadable-file services/a could not be read: permission denied.',
      'unreadable-file services/b/service.yaml could not be read: permission denied.',
    ]);
    chmodSync(join(root, 'services', 'a'), 0o700);
  });
});
