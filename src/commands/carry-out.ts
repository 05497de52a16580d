import { systemClock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { type Execution, execute } from '../engine/execute.ts';
import type { Plan } from '../engine/operation.ts';
import { createProber } from '../probes/run-probe.ts';
import type { Secret } from '../secret.ts';
import type { Cli } from './cli.ts';

/**
 * Carries out a plan and reports it.
 *
 * @param options.milliseconds one deadline for all of it
 */
export function carryOut(options: {
  cli: Cli;
  engine: Engine;
  plan: Plan;
  root: string;
  secrets: readonly Secret[];
  milliseconds: number;
}): Promise<Execution> {
  const { cli, engine, plan, root, secrets, milliseconds } = options;
  return execute({
    plan,
    engine,
    root,
    emit: cli.emit,
    prober: createProber({ inspect: engine.inspectContainer }),
    secrets,
    signal: cli.signal,
    deadlineMilliseconds: milliseconds,
    clock: systemClock,
  });
}
