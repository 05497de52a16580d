import { systemClock } from '../core/clock.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { type Execution, execute } from '../platform/docker/execute.ts';
import type { Plan } from '../platform/docker/operation.ts';
import type { ResolvedStack } from '../stack/model.ts';
import type { Owner } from '../stack/owner.ts';
import type { Context } from './context.ts';
import { sayWhatStopAwaits } from './live-rooms.ts';
import { createProber } from './run-probe.ts';

/**
 * Carries out a plan and reports it.
 *
 * @param options.milliseconds one deadline for all of it
 */
export async function carryOut(options: {
  cli: Context;
  engine: Engine;
  plan: Plan;
  root: string;
  owner: Owner;
  stack: ResolvedStack;
  milliseconds: number;
}): Promise<Execution> {
  const { cli, engine, plan, root, owner, stack, milliseconds } = options;
  const ended = new AbortController();
  const said = sayWhatStopAwaits({ cli, plan, stack, signal: ended.signal });
  try {
    return await execute({
      plan,
      engine,
      root,
      owner,
      emit: cli.emit,
      prober: createProber({ inspect: engine.inspectContainer }),
      secrets: stack.secrets,
      signal: cli.signal,
      deadlineMilliseconds: milliseconds,
      clock: systemClock,
    });
  } finally {
    ended.abort();
    await said;
  }
}
