import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { resultOf, runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// `arc validate` keeps its verdict on a valid workspace. Whatever the verdict follows from is changed here, and has to
// lead to another one.

let workspace: TestWorkspace;
let cache: string;
beforeAll(() => {
  workspace = makeWorkspace();
  cache = mkdtempSync(join(tmpdir(), 'arc-verdicts-'));
});
afterAll(() => {
  workspace?.remove();
  rmSync(cache, { recursive: true, force: true });
});

const validate = (environment: Readonly<Record<string, string>> = {}) =>
  runArc(['validate', '--json'], {
    cwd: workspace.root,
    environment: { XDG_CACHE_HOME: cache, ...environment },
  });

/** Which file the kept verdict is: a new one each time that arc has judged. */
function keptFile(): number | undefined {
  const folder = join(cache, 'arc', 'verdicts');
  const [name] = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
  return name === undefined ? undefined : statSync(join(folder, name)).ino;
}

const warningsOf = (stdout: string): readonly string[] =>
  resultOf<{ warnings: readonly { code: string }[] }>(stdout).warnings.map(({ code }) => code);

beforeEach(async () => {
  expect((await validate()).exitCode).toBe(0);
});

it('says the same of a workspace that has not changed, without judging it again', async () => {
  const kept = keptFile();
  expect(kept).toBeDefined();
  const again = await validate({ OLDPWD: '/somewhere' });
  expect(keptFile()).toBe(kept);
  rmSync(cache, { recursive: true });
  expect(again).toEqual(await validate());
  expect(warningsOf(again.stdout)).toContain('lock-outdated');
});

it.each([
  ['services/realtime/livekit.yaml.liquid', 'port: ', 'prot: '],
  ['services/cache/service.yaml', 'role: cache', 'rolle: cache'],
  ['arc.yaml', 'project: ', 'projekt: '],
])('finds a fault that was made in %s, and no fault once it is mended', async (file, from, to) => {
  workspace.edit(file, from, to);
  const { exitCode } = await validate();
  workspace.edit(file, to, from);
  expect(exitCode).toBe(2);
  expect((await validate()).exitCode).toBe(0);
});

it('finds a setting in the environment that a boot would refuse', async () => {
  const { exitCode, stdout } = await validate({ ARC_MEDIA: 'muxx' });
  expect(exitCode).toBe(2);
  expect(stdout).toContain('bad-setting');
});

it('finds a secret in the environment that a boot would refuse, and keeps no verdict with one', async () => {
  const kept = keptFile();
  const refused = await validate({ LIVEKIT_API_SECRET: 'short' });
  expect({ exitCode: refused.exitCode, kept: keptFile() }).toEqual({ exitCode: 2, kept });
  const taken = await validate({ LIVEKIT_API_SECRET: 'a-secret-that-is-as-long-as-it-must-be' });
  expect({ exitCode: taken.exitCode, kept: keptFile() }).toEqual({ exitCode: 0, kept });
});

it('finds what is wrong in files that are no manifests', async () => {
  expect((await runArc(['secrets', 'generate'], { cwd: workspace.root })).exitCode).toBe(0);
  const secrets = workspace.path('.arc', 'secrets.env');
  const usual = warningsOf((await validate()).stdout);

  chmodSync(secrets, 0o644);
  const readable = ['secrets-readable', ...usual].toSorted();
  expect(warningsOf((await validate()).stdout).toSorted()).toEqual(readable);
  expect(warningsOf((await validate()).stdout).toSorted(), 'of the kept verdict').toEqual(readable);
  chmodSync(secrets, 0o600);
  expect(warningsOf((await validate()).stdout)).toEqual(usual);

  workspace.write('.arc/secrets.env', `${workspace.read('.arc/secrets.env')}NOBODYS_PASSWORD=1\n`);
  expect(warningsOf((await validate()).stdout)).toContain('unknown-secret');

  workspace.write('images.lock.yaml', 'bases: 1\n');
  expect((await validate()).exitCode).toBe(2);
  rmSync(workspace.path('images.lock.yaml'));
  expect((await validate()).exitCode).toBe(0);
});
