import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment, repository } from '../support/run-arc.ts';

// bin/arc in a checkout of two packages, with a stand-in for npm that notes each call.

let home: string;
const at = (...path: string[]) => join(home, ...path);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'arc-launcher-'));
  for (const folder of ['bin', 'src', 'schemas', 'scripts', 'path']) mkdirSync(at(folder));
  for (const file of ['bin/arc', 'scripts/install-dependencies.mjs'])
    copyFileSync(join(repository, file), at(file));
  writeFileSync(at('package.json'), '{\n  "name": "arc",\n  "version": "1.2.3",\n  "private": true\n}\n');
  writeFileSync(
    at('scripts/build.mjs'),
    "import fs from 'node:fs';\nfs.mkdirSync('dist', { recursive: true });\nfs.writeFileSync('dist/arc.cjs', '');\n",
  );
  lock('1.0.0');
  npm(`
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.optional) continue;
  console.error('npm http fetch GET 200 https://registry.test/' + path + '.tgz 5ms (cache miss)');
  fs.mkdirSync(path, { recursive: true });
  fs.writeFileSync(path + '/package.json', '{}');
}
fs.mkdirSync('node_modules/node/bin', { recursive: true });
fs.symlinkSync(process.execPath, 'node_modules/node/bin/node');
const { '': _, 'node_modules/elsewhere': __, ...installed } = packages;
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));`);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A lock file with a package in this version, and one for another kind of machine. */
function lock(version: string): void {
  const packages = {
    '': { name: 'arc' },
    'node_modules/node': { version: '24.0.0' },
    'node_modules/tool': { version, integrity: `sha512-${version}` },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
  };
  writeFileSync(at('package-lock.json'), JSON.stringify({ packages }));
}

/** Puts a program called npm on PATH. */
function npm(work: string): void {
  writeFileSync(
    at('path/npm'),
    `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(at('calls'))}, process.argv[2] + ' ' + process.pid + '\\n');
const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
fs.rmSync('node_modules', { recursive: true, force: true });
${work}
`,
  );
  chmodSync(at('path/npm'), 0o755);
}

const calls = () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);

async function arc(environment: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(at('bin/arc'), ['--version'], {
    env: cleanEnvironment({
      PATH: `${at('path')}:${dirname(process.execPath)}:/usr/bin:/bin`,
      XDG_CACHE_HOME: at('cache'),
      ...environment,
    }),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

describe('the launcher installs the locked dependencies', () => {
  it('once, and says so', async () => {
    const first = await arc();
    expect(first).toMatchObject({ exitCode: 0, stdout: '1.2.3' });
    expect(first.stderr).toBe('arc: installing 3 locked dependencies with npm, once …');
    expect(await arc()).toEqual({ exitCode: 0, stdout: '1.2.3', stderr: '' });
    expect(calls()).toHaveLength(1);
  });

  it('again where the lock file says something else', async () => {
    await arc();
    lock('1.0.1');
    await arc();
    expect(calls()).toHaveLength(2);
  });

  it('again where a package is not there any more', async () => {
    await arc();
    rmSync(at('node_modules/tool'), { recursive: true });
    lock('1.0.0');
    await arc();
    expect(calls()).toHaveLength(2);
  });

  it('not where the lock file is only newer, as after a checkout of another branch and back', async () => {
    await arc();
    const later = new Date(Date.now() + 60_000);
    utimesSync(at('package-lock.json'), later, later);
    expect(await arc()).toEqual({ exitCode: 0, stdout: '1.2.3', stderr: '' });
    expect(calls()).toHaveLength(1);
  });

  it('not where they were copied from another checkout', async () => {
    await arc();
    cpSync(at('node_modules'), at('copy'), { recursive: true, verbatimSymlinks: true });
    rmSync(at('copy/.arc-installed'));
    rmSync(at('node_modules'), { recursive: true });
    cpSync(at('copy'), at('node_modules'), { recursive: true, verbatimSymlinks: true });
    rmSync(at('path/npm'));
    expect(await arc()).toEqual({ exitCode: 0, stdout: '1.2.3', stderr: '' });
  });

  it('once for two that begin together', async () => {
    const both = await Promise.all([arc(), arc()]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(calls()).toHaveLength(1);
  });
});

describe('a registry that does not answer', () => {
  it('is not waited for without end: what is awaited is said, npm is ended, and the reason is named', async () => {
    npm("console.error('npm warn slow'); setInterval(() => {}, 1000);");
    const { exitCode, stderr } = await arc({ ARC_INSTALL_ANSWER_SECONDS: '1' });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^arc: npm ci, \d+ s: waiting for the npm registry$/m);
    expect(stderr).toContain('npm warn slow');
    expect(stderr).toContain(
      'error[install-failed] npm ci was ended: nothing came from the npm registry for 1 s; its last lines are above.',
    );
    const [, pid] = calls()[0]?.split(' ') ?? [];
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('is told with what npm says of it', async () => {
    npm("console.error('npm error code ENOTFOUND'); process.exit(1);");
    const { exitCode, stderr } = await arc();
    expect(exitCode).toBe(4);
    expect(stderr).toContain('npm error code ENOTFOUND\nerror[install-failed] npm ci did not succeed');
  });
});

it('without npm the launcher says how to get it', async () => {
  rmSync(at('path/npm'));
  const bare = at('bare');
  mkdirSync(bare);
  for (const tool of ['sh', 'sed', 'find', 'mkdir', 'rm'])
    await execa('ln', ['-s', `/bin/${tool}`, join(bare, tool)]);
  await execa('ln', ['-s', process.execPath, join(bare, 'node')]);
  const { exitCode, stderr } = await arc({ PATH: bare });
  expect({ exitCode, stderr: stderr.split('\n').slice(1) }).toEqual({
    exitCode: 4,
    stderr: [
      'error[no-npm] npm is needed once, to install what arc is built with, and is not on PATH.',
      '  help: install Node.js with npm (Debian: apt-get install nodejs npm), then run this again',
    ],
  });
});
