import { systemClock } from '../core/clock.ts';
import type { Address } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { FileSource, ImageSource } from '../platform/docker/drivers/run.ts';
import { worksOf } from '../platform/docker/drivers/work.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { type Execution, execute } from '../platform/docker/execute.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Owner } from '../stack/owner.ts';
import { noImages } from './bring-images.ts';
import type { Context } from './context.ts';
import { openInside } from './inside.ts';
import { sayWhatStopAwaits } from './losses.ts';
import { reloadSource } from './reload-folders.ts';
import { createProber } from './run-probe.ts';
import { noFiles } from './write-files.ts';

/**
 * Carries out a plan and reports its steps.
 *
 * @param options.snapshot what there was before
 * @param options.milliseconds one deadline for all of it
 */
export async function carryOut(options: {
  context: Context;
  engine: Engine;
  connection: EngineConnection;
  snapshot: Snapshot;
  plan: Plan;
  root: string;
  owner: Owner;
  stack: BootableStack;
  milliseconds: number;
  images?: ImageSource;
  files?: FileSource;
  /** The resources inside servers, each with its server. */
  goes?: ReadonlyMap<Address, Address>;
  beforeChange?: () => Promise<void>;
}): Promise<Execution> {
  const { context, engine, connection, snapshot, plan, root, owner, stack, milliseconds } = options;
  const { images = noImages, files = noFiles, goes } = options;
  const way = { engine, connection, stack };
  const reachNow = dockerReach({ ...way, observed: snapshot.containers });
  const reach = dockerReach({ ...way, observed: staying({ snapshot, plan }) });
  await using insiders = openInside({ stack, reach, signal: context.signal, ...(goes && { servers: goes }) });
  const ended = new AbortController();
  const said = sayWhatStopAwaits({ context, plan, stack, reach: reachNow, signal: ended.signal });
  try {
    return await execute({
      plan,
      engine,
      root,
      owner,
      emit: context.emit,
      images,
      files,
      reloads: reloadSource({ engine, reach, root }),
      insiders,
      ...(options.beforeChange && { beforeChange: options.beforeChange }),
      prober: createProber({ inspect: engine.inspectContainer, reach }),
      secrets: stack.secrets,
      signal: context.signal,
      deadlineMilliseconds: milliseconds,
      clock: systemClock,
    });
  } finally {
    ended.abort();
    await said;
  }
}

/** The containers that a plan keeps. */
function staying(options: { snapshot: Snapshot; plan: Plan }): Snapshot['containers'] {
  const { snapshot, plan } = options;
  const made = new Set(worksOf(plan, 'create').map(({ container }) => container.name));
  return snapshot.containers.filter(({ name }) => !made.has(name));
}
