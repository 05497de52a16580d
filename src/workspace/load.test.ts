import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../../tests/support/workspace.ts';
import { loadStack, loadWorkspace } from './load.ts';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = makeWorkspace({ settings: { tls: 'internal' } });
});
afterEach(() => workspace.remove());

async function load(withoutFiles: boolean) {
  return loadStack({
    workspace: await loadWorkspace({ cwd: workspace.root }),
    request: { selection: ['ultra-instinct'], without: [], settings: {}, withoutFiles },
    environment: {},
  });
}

test('a stack without files has the same containers', async () => {
  const bare = await load(true);
  expect(bare.containers.flatMap(({ config, folders }) => [...config, ...folders])).toEqual([]);

  const whole = await load(false);
  const withoutFiles = whole.containers.map((one) => ({ ...one, config: [], folders: [] }));
  expect(bare.containers).toEqual(withoutFiles);
  expect(bare.volumes).toEqual(whole.volumes);
});

test('an authority that cannot be read does not keep a stack without files from being known', async () => {
  mkdirSync(workspace.path('.arc', 'ca'), { recursive: true });
  workspace.write('.arc/ca/authority.pem', 'no certificate');
  await expect(load(false)).rejects.toThrow('cannot be used');
  expect((await load(true)).containers.map(({ role }) => role)).toContain('gateway');
});

test('a template that cannot be rendered does not keep a stack without files from being known', async () => {
  workspace.edit('services/cache/redis.conf.liquid', 'port ', '{{ nonsense }} port ');
  await expect(load(false)).rejects.toThrow('nonsense');
  expect((await load(true)).containers.map(({ role }) => role)).toContain('cache');
});
