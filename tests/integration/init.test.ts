import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';

// The package as others get it: packed, installed into an empty folder, and run from there.

const repository = join(import.meta.dirname, '..', '..');

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-package-'));
  await execa('chmod', ['755', folder]);
  const packed = await execa('npm', ['pack', '--json', '--pack-destination', folder], { cwd: repository });
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
  // The media check's library is optional, and large; all the rest is inside, so no registry is asked.
  const install = ['install', '--omit=optional', '--offline', '--no-audit', '--no-fund'];
  await execa('npm', [...install, join(folder, filename)], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function arc(args: readonly string[], options: { cwd?: string; before?: readonly string[] } = {}) {
  const [program = '', ...rest] = [
    ...(options.before ?? []),
    join(folder, 'node_modules', '.bin', 'arc'),
    ...args,
  ];
  const { exitCode, stdout, stderr } = await execa(program, rest, {
    cwd: options.cwd ?? folder,
    env: { HOME: folder, LANG: 'C.UTF-8', PATH: `${join(process.execPath, '..')}:${process.env.PATH}` },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

test('an installed package makes a workspace that is valid, and says what comes next', async () => {
  const made = await arc(['init', 'demo', '--yes']);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toContain('cd demo && arc up think');
  expect(readFileSync(join(folder, 'demo/arc.yaml'), 'utf8')).toContain('project: "demo"');
  expect(readFileSync(join(folder, 'demo/.gitignore'), 'utf8')).toContain('.arc/');

  expect(await arc(['validate'], { cwd: join(folder, 'demo') })).toMatchObject({ exitCode: 0 });
  const services = await arc(['services'], { cwd: join(folder, 'demo') });
  for (const role of ['cache', 'storage', 'realtime-ingress']) expect(services.stdout).toContain(role);
});

test('a second time it refuses, and changes nothing', async () => {
  await arc(['init', 'twice', '--yes']);
  writeFileSync(join(folder, 'twice/arc.yaml'), 'project: mine\n');
  const again = await arc(['init', 'twice', '--yes']);
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toContain('workspace-exists');
  expect(readFileSync(join(folder, 'twice/arc.yaml'), 'utf8')).toBe('project: mine\n');
});

test('flags answer every question', async () => {
  const { exitCode, stdout } = await arc([
    'init',
    'flags',
    '--json',
    '--project',
    'flags_1',
    '--services',
    'realtime',
    '--media',
    'mux',
    '--node-ip',
    '192.168.1.5',
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout.split('\n').find((line) => line.includes('"result"')) ?? '{}').data).toMatchObject(
    {
      root: join(folder, 'flags'),
      project: 'flags_1',
      services: expect.arrayContaining(['cache', 'gateway', 'realtime', 'storage', 'traces']),
      next: 'cd flags && arc up think',
    },
  );
  const settings = readFileSync(join(folder, 'flags/arc.yaml'), 'utf8');
  expect(settings).toContain('media: "mux"');
  expect(settings).toContain('node_ip: "192.168.1.5"');
});

describe('refuses, with exit status 2 and the reason', () => {
  test('a folder with something in it', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/thesis.txt'), '');
    const { exitCode, stderr } = await arc(['init', 'full', '--yes']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not empty: it has thesis.txt.');
    expect(existsSync(join(folder, 'full/arc.yaml'))).toBe(false);
  });

  test('no answers and no terminal', async () => {
    const { exitCode, stderr } = await arc(['init', 'silent']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
    expect(existsSync(join(folder, 'silent'))).toBe(false);
  });

  test('a folder that this user may not write to', needs('root', 'setpriv'), async () => {
    mkdirSync(join(folder, 'closed'));
    const before = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    const { exitCode, stderr } = await arc(['init', 'closed', '--yes'], { before });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`You may not write to ${join(folder, 'closed')}.`);
  });
});
