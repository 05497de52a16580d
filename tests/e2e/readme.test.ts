import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOf, notRun } from '../support/documented-commands.ts';
import { readPage } from '../support/documents.ts';
import { cleanEnvironment, launcher, repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** The commands of a page, in its order. */
const commandsIn = (page: string): readonly string[] =>
  commandsOf(readPage(page)).filter((command) => !(command in notRun));

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  cpSync(join(repository, 'Makefile'), stage.workspace.path('Makefile'));
});
afterAll(() => stage?.close());

async function runCommand(command: string): Promise<void> {
  const [program = '', ...args] = command.split(/\s+/);
  if (program !== 'make') {
    await stage.succeed(args, { answersWithSecret: args[0] === 'token' });
    return;
  }
  const { exitCode, all } = await execa('make', [...args, `ARC=${launcher}`], {
    cwd: stage.workspace.root,
    env: cleanEnvironment(stage.environment),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
  expect(exitCode, all).toBe(0);
  expect(all).toContain('5 containers are healthy');
}

describe('the commands of README.md, one after the other', () => {
  const commands = commandsIn('README.md');

  it('begin with a boot and end with a workspace of your own', () => {
    expect(commands[0]).toBe('make dev');
    expect(commands.at(-1)).toBe('arc init demo --yes');
  });

  it.each(commands)('%s', runCommand);

  it('have left a stopped stack, its data and the new workspace', async () => {
    expect(await stage.engine.objects()).toEqual([
      'network arc_platform_net',
      'volume arc-cache-data',
      'volume arc-realtime-egress-scratch',
      'volume arc-storage-data',
    ]);
    expect(existsSync(stage.workspace.path('demo', 'arc.yaml'))).toBe(true);
  });
});

describe('the commands of docs/running-without-a-registry.md, with the archive of the first half in the second', () => {
  it.each(commandsIn('docs/running-without-a-registry.md'))('%s', runCommand);

  it('have booted the stack', async () => {
    expect(Object.keys(await stage.engine.containers())).toContain('arc-realtime');
  });
});

describe('the commands of docs/adding-a-service.md, with the files of that page', () => {
  beforeAll(() => {
    for (const { info, text } of readPage('docs/adding-a-service.md').blocks) {
      const [, file] = info.split(' ');
      if (file === undefined) continue;
      mkdirSync(dirname(stage.workspace.path(file)), { recursive: true });
      stage.workspace.write(file, text);
    }
  });

  it.each(commandsIn('docs/adding-a-service.md'))('%s', runCommand);

  it('have booted the service', async () => {
    expect(await stage.engine.containers()).toHaveProperty('arc-notes');
  });
});
