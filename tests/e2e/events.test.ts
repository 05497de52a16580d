import { afterAll, beforeAll, expect, it } from 'vitest';
import { validEventsOf } from '../support/events-schema.ts';
import { openStage, type Stage } from '../support/stage.ts';

// What `--json` writes, compared by Ajv with the schema that arc comes with.

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function events(...command: string[]): Promise<Record<string, unknown>[]> {
  const { stdout, stderr } = await stage.arc([...command, '--json']);
  expect(stderr, command.join(' ')).toBe('');
  const found = validEventsOf(stdout);
  expect(found[0]).toEqual({ type: 'started', version: 2, command: command[0] });
  return found;
}

it('building, booting, looking, stopping and removing write events that fit the schema', async () => {
  const built = await events('images', 'build', 'cache');
  expect(built).toContainEqual(expect.objectContaining({ verb: 'build', phase: 'done', role: 'cache' }));
  const booted = await events('up', 'cache', '--yes');
  expect(booted).toContainEqual(
    expect.objectContaining({ verb: 'await', on: 'container/arc-cache', role: 'cache', phase: 'done' }),
  );
  expect(booted.at(-1)).toMatchObject({ type: 'result', command: 'up', data: { healthy: true } });
  const health = await events('health', 'cache');
  expect(health.at(-1)).toMatchObject({ data: { containers: [{ ok: true, reply: 'PONG' }] } });
  const plan = await events('plan', 'cache');
  expect(plan.at(-1)).toMatchObject({ type: 'result', command: 'plan' });
  expect((await events('logs', 'cache')).map(({ type }) => type)).toContain('log');
  for (const command of [
    'status',
    'drift',
    'restart',
    'validate',
    'services',
    'profiles',
    'graph',
    'images',
    'doctor',
  ])
    await events(command, ...(command === 'restart' ? ['cache', '--yes'] : []));
  for (const command of [
    ['explain', 'cache'],
    ['generate', '--check'],
    ['secrets', 'list'],
    ['down'],
    ['clean', '--force'],
    ['nuke', '--force'],
  ])
    await events(...command);
});

it('a failed boot writes which step failed, and the error, in events that fit the schema', async () => {
  const file = 'services/cache/service.yaml';
  const before = stage.workspace.read(file);
  stage.workspace.edit(file, 'entrypoint: [redis-server]', 'entrypoint: [redis-sever]');
  const failed = await events('up', 'cache', '--yes');
  stage.workspace.write(file, before);
  const problem = expect.objectContaining({ code: 'entrypoint-missing' });
  expect(failed).toContainEqual(
    expect.objectContaining({ type: 'step', verb: 'start', phase: 'failed', problem }),
  );
  expect(failed.at(-1)).toEqual({ type: 'error', problem });
});

it('a warning and a mistyped command are events that fit the schema', async () => {
  stage.workspace.edit('services/cache/redis.conf', 'appendonly yes', 'appendonly yes\n# mine');
  const warned = await events('up', 'cache', '--yes');
  stage.workspace.edit('services/cache/redis.conf', 'appendonly yes\n# mine', 'appendonly yes');
  expect(warned.map(({ type }) => type)).toContain('warning');
  expect((await events('up', 'cahce')).at(-1)).toMatchObject({ problem: { code: 'unknown-name' } });
  expect((await events('logs', '--tial', '3')).at(-1)).toMatchObject({ problem: { code: 'usage' } });
});
