import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { processesWith } from './processes.ts';
import { type Ran, type RunOptions, runArc, startArc } from './run-arc.ts';
import { leaksIn, secretValues } from './secret-values.ts';
import { connectTestEngine, type TestEngine } from './test-engine.ts';
import { makeWorkspace, type TestWorkspace } from './workspace.ts';

type CallOptions = Omit<RunOptions, 'cwd'> & {
  cwd?: string;
  /** The answer is a secret by its nature: `arc token`. */
  answersWithSecret?: boolean;
};

/** One test file's workspace and Engine, and arc run in it. */
export type Stage = {
  workspace: TestWorkspace;
  engine: TestEngine;
  arc: (args: readonly string[], options?: CallOptions) => Promise<Ran>;
  /** For a process that is interrupted, or that is watched while it runs. */
  start: (args: readonly string[], options?: CallOptions) => ReturnType<typeof startArc>;
  /** The same, and the test fails unless it exits with 0. */
  succeed: (args: readonly string[], options?: CallOptions) => Promise<Ran>;
  /** Environment of children of the test that arc does not start itself. */
  environment: Readonly<Record<string, string>>;
  /** Ends with `arc nuke`; fails where something is left after that, or a secret was shown. */
  close: () => Promise<void>;
};

/**
 * @throws when the Engine has containers, volumes or a network of a stack already: they may be somebody's data
 */
export async function openStage(
  options: { settings?: Readonly<Record<string, string>> } = {},
): Promise<Stage> {
  const engine = connectTestEngine();
  const before = await engine.claim();
  const workspace = makeWorkspace(options);
  const mark = `ARC_TEST_RUN=${randomUUID()}`;
  const environment = { ARC_TEST_RUN: mark.slice(mark.indexOf('=') + 1) };
  const shown: string[] = [];
  const withDefaults = ({ environment: extra, ...rest }: CallOptions): RunOptions => ({
    cwd: workspace.root,
    ...rest,
    environment: { ...environment, ...extra },
  });
  // Builds the program where sources are newer, so that two processes never do it at once.
  await runArc(['--version'], withDefaults({}));

  const arc: Stage['arc'] = async (args, call = {}) => {
    const ran = await runArc(args, withDefaults(call));
    if (!call.answersWithSecret) shown.push(ran.output);
    return ran;
  };
  return {
    workspace,
    engine,
    environment,
    arc,
    succeed: async (args, call) => {
      const ran = await arc(args, call);
      expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
      return ran;
    },
    start: (args, call = {}) => {
      const child = startArc(args, withDefaults(call));
      void child.then(({ all }) => shown.push(all));
      return child;
    },
    close: async () => {
      const secrets = secretValues(workspace);
      try {
        const nuke = await runArc(['nuke', '--force'], withDefaults({}));
        const left = [...(await engine.everything())].filter((name) => !before.has(name));
        expect(left, `left on the Engine after arc nuke:\n${nuke.output}`).toEqual([]);
        expect(processesWith(mark), 'processes left behind').toEqual([]);
        expect(
          shown.flatMap((text) => leaksIn(text, secrets)),
          'secrets in output',
        ).toEqual([]);
      } finally {
        await engine.sweep();
        workspace.remove();
      }
    },
  };
}
