import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/host/system.ts';
import { cleanEnvironment, repository, resultOf } from '../support/run-arc.ts';
import { connectTestEngine } from '../support/test-engine.ts';

// What `npm install` brings to somebody who has no checkout, and a workspace that has nothing to do with it.

let folder: string;
let workspace: string;
let files: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-package-'));
  workspace = join(folder, 'elsewhere', 'shop');
  mkdirSync(workspace, { recursive: true });
  const packed = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: repository,
    env: { PATH: pathWith(dirname(process.execPath)) },
  });
  const [pack] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [
    { filename: string; files: { path: string }[] },
  ];
  files = pack.files.map(({ path }) => path);
  // The library of the media check is optional, and large; all the rest is inside, so no registry is asked.
  const install = ['install', '--omit=optional', '--offline', '--no-audit', '--no-fund'];
  await execa('npm', [...install, join(folder, pack.filename)], {
    cwd: folder,
    env: { PATH: pathWith(dirname(process.execPath)) },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pathWith(first: string): string {
  return `${first}:${process.env.PATH}`;
}

/** Runs the installed arc with what `path` has to offer. */
async function arc(args: readonly string[], path = pathWith(dirname(process.execPath))) {
  const { exitCode, stdout, stderr } = await execa(join(folder, 'node_modules/.bin/arc'), args, {
    cwd: workspace,
    env: cleanEnvironment({ PATH: path, XDG_CACHE_HOME: join(folder, 'cache') }),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

describe('the package', () => {
  it('has the program and what it reads, and nothing that only its makers need', () => {
    expect(files).toEqual(expect.arrayContaining(['bin/arc', 'dist/arc.cjs', 'LICENSE', 'README.md']));
    expect(files.filter((path) => /^(src|tests|scripts|node_modules|\.ci|\.github)\//.test(path))).toEqual(
      [],
    );
    expect(files.filter((path) => /\.env$|secrets\.env|\.test\.ts$/.test(path))).toEqual([]);
  });

  it('has every source of the embedded workers, with their lock file and without their tests', () => {
    const folder = 'packages/livekit-workers/';
    const { stdout } = execaSync('git', ['ls-files', folder], { cwd: repository });
    const sources = stdout.split('\n').filter((path) => !path.endsWith('.test.ts'));
    expect(sources).toContain(`${folder}package-lock.json`);
    expect(files.filter((path) => path.startsWith(folder)).sort()).toEqual(sources.sort());
  });

  it('brings nothing with it that is not inside already', () => {
    const installed = execaSync('ls', ['-A', join(folder, 'node_modules')]).stdout.split('\n');
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['@arc-framework']);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await arc(['--version'])).toEqual({ exitCode: 0, stdout: version, stderr: '' });
  });
});

describe('in an empty folder elsewhere', () => {
  it('init with flags makes a workspace and asks nothing', async () => {
    const flags = ['--project', 'shop', '--services', 'realtime', '--media', 'mux', '--node-ip', '127.0.0.1'];
    const { exitCode, stdout, stderr } = await arc(['init', ...flags]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('arc up think');
    expect(readFileSync(join(workspace, 'arc.yaml'), 'utf8')).toContain('project: "shop"');
  });

  it('which is valid, and whose generated files are up to date', async () => {
    expect(await arc(['validate'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+ services are valid\.$/),
    });
    await arc(['generate']);
    const { exitCode, stdout } = await arc(['generate', '--check']);
    expect(stdout).toMatch(/^All \d+ generated files are up to date\.$/);
    expect(exitCode).toBe(0);
    expect(existsSync(join(workspace, 'services/realtime/livekit.yaml'))).toBe(true);
  });

  it('and which is planned against a real Engine without a change to it', async () => {
    const engine = connectTestEngine();
    const before = await engine.everything();
    const { exitCode, stdout, stderr } = await arc(['plan', '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { steps } = resultOf<{ steps: { id: string }[] }>(stdout);
    expect(steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['create container/arc-realtime', 'await container/arc-cache']),
    );
    expect(await engine.everything()).toEqual(before);
  });

  it('and whose embedded workers are made from the sources that arc brings along', async () => {
    const { exitCode, stdout, stderr } = await arc(['plan', 'realtime-egress', '--flavour', 'embedded']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('+ container arc-realtime-egress');
    expect(existsSync(join(workspace, 'packages/livekit-workers'))).toBe(false);
  });

  it('and the rest of what needs no Engine works as in a checkout', async () => {
    for (const command of [
      'services',
      'profiles',
      'graph',
      'explain realtime',
      'secrets list',
      'completion bash',
      '--help',
    ])
      expect(await arc(command.split(' ')), command).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('a Node that is too old', () => {
  const sentence = (version: string): string =>
    [
      `error[node-too-old] arc needs Node 22.22 or newer; this machine has ${version}.`,
      '  help: install a newer Node.js, or put the one from npm first on PATH: npm install --prefix ~/.local/arc-node node@24',
    ].join('\n');

  /** A folder with the tools of a bare machine, and a `node` that says that it is of this version. */
  function machineWith(version: string | undefined): string {
    const bin = mkdtempSync(join(folder, 'bin-'));
    for (const tool of ['sh', 'sed', 'readlink', 'dirname', 'find', 'head', 'mkdir', 'rm', 'cat', 'uname'])
      symlinkSync(findProgram(tool, process.env) ?? `/bin/${tool}`, join(bin, tool));
    if (version !== undefined) {
      writeFileSync(join(bin, 'node'), `#!/bin/sh\necho ${version}\n`);
      chmodSync(join(bin, 'node'), 0o755);
    }
    return bin;
  }

  it.each(['18.20.8', '20.20.2', '22.21.1'])(
    '%s is named, with what to do, and exit status 4',
    async (version) => {
      expect(await arc(['validate'], machineWith(version))).toEqual({
        exitCode: 4,
        stdout: '',
        stderr: sentence(version),
      });
    },
  );

  it('is not the same as none', async () => {
    expect(await arc(['validate'], machineWith(undefined))).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: sentence('none'),
    });
  });

  const system = '/usr/bin/node';
  const version = existsSync(system) ? execaSync(system, ['-p', 'process.versions.node']).stdout : '';
  const old = /^(\d|1\d|2[01])\./.test(version);
  const oldNode = { skip: !old, meta: { needs: 'a Node.js before 22 in /usr/bin' } };
  it('of the system is recognised as well', oldNode, async () => {
    const { exitCode, stderr } = await arc(['validate'], '/usr/bin:/bin');
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: sentence(version) });
  });

  it('is forgotten as soon as there is a newer one', async () => {
    await arc(['validate'], machineWith('20.20.2'));
    expect(await arc(['validate'])).toMatchObject({ exitCode: 0 });
  });
});
