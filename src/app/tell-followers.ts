import { ArcError, type Problem } from '../core/errors.ts';
import { isEmpty } from '../core/step.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { planUp } from '../platform/docker/plan-up.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Owner } from '../stack/owner.ts';
import type { Workspace } from '../workspace/load.ts';
import { planRuntimeConfig } from '../workspace/runtime-config.ts';
import { carryOut } from './carry-out.ts';
import type { Context } from './context.ts';
import { findFollowers } from './followers.ts';
import { fileSource } from './write-files.ts';

/** Nothing but a few files is written, and each program that reads them is given 15 s. */
const deadlineMilliseconds = 30_000;

/**
 * Tells the containers that stay of those that are gone: a Prometheus would go on asking for them. What cannot be told is
 * a warning, because what had to go is gone.
 *
 * @param options.snapshot what is left
 * @param options.stack as it runs
 */
export async function tellFollowers(options: {
  context: Context;
  workspace: Workspace;
  /** Settings that were given as flags. */
  set: readonly string[];
  engine: Engine;
  connection: EngineConnection;
  root: string;
  owner: Owner;
  stack: BootableStack;
  snapshot: Snapshot;
}): Promise<void> {
  const { context, engine, root, stack, snapshot } = options;
  // An Engine that is given the files themselves has them from when the container was created.
  if (engine.copiesConfig) return;
  const nobody = { ...stack, containers: [], volumes: [] };
  await warnInstead({
    context,
    work: async () => {
      const followers = await findFollowers({ ...options, stack: nobody });
      // A plan of an empty stack would still make its network.
      if (followers.length === 0) return;
      const files = await planRuntimeConfig({ root, stack: { ...nobody, containers: followers } });
      const plan = planUp({
        ...{ stack: nobody, snapshot, root, dependents: followers },
        files: files.map(({ path, state }) => ({ path, state })),
      });
      if (isEmpty(plan)) return;
      await carryOut({
        ...{ ...options, plan, milliseconds: deadlineMilliseconds },
        files: fileSource({ context, root, stack: { ...nobody, containers: followers }, files }),
      });
    },
  });
}

/**
 * Does what nothing depends on any more: whatever goes wrong is a warning.
 *
 * @throws what interrupted it, where somebody did
 */
export async function warnInstead(options: {
  context: Pick<Context, 'emit' | 'signal'>;
  work: () => Promise<void>;
}): Promise<void> {
  const { context, work } = options;
  try {
    await work();
  } catch (error) {
    if (context.signal.aborted) throw error;
    for (const problem of error instanceof ArcError ? error.problems : [notTold(error)])
      context.emit({ type: 'warning', problem });
  }
}

function notTold(cause: unknown): Problem {
  return {
    code: 'not-told',
    message: 'The containers that stay were not told of those that are gone.',
    detail: [cause instanceof Error ? cause.message : String(cause)],
    suggestion: 'The next `arc up` tells them.',
  };
}
