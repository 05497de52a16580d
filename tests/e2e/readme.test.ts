import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../support/documents.ts';
import { cleanEnvironment, launcher, repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** The commands of README.md, in its order, without comments. */
const commands = readPage('README.md')
  .blocks.filter(({ info }) => info === 'sh')
  .flatMap(({ text }) => text.trim().split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim());

describe('the commands of README.md, one after the other', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    cpSync(join(repository, 'Makefile'), stage.workspace.path('Makefile'));
  });
  afterAll(() => stage?.close());

  it('begin with a boot and end with a workspace of your own', () => {
    expect(commands[0]).toBe('make dev');
    expect(commands.at(-1)).toBe('arc init demo --yes');
  });

  // The tests themselves are what runs here.
  it.each(commands.filter((command) => command !== 'make test'))('%s', async (command) => {
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
  });

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
