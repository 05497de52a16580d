import { ensurePrerequisites } from '../doctor/ensure.ts';
import type { OpenedEngine } from '../doctor/open-engine.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { EngineContainer } from '../platform/docker/engine.ts';
import type { ProjectLock } from '../platform/docker/lock/lock.ts';
import { explainLoss } from '../platform/docker/ssh/failure.ts';
import type { Stack } from '../stack/model.ts';
import { agreement } from './agreement.ts';
import { type BegunConnection, beginConnection, meanwhile } from './begin-connection.ts';
import type { Context } from './context.ts';
import { foreseeBuilds } from './foresee-builds.ts';
import { lockOn } from './lock-on.ts';
import type { BootOptions } from './request.ts';
import { openSite, type Place } from './session.ts';
import { stackOnEngine } from './stack-among.ts';

/** A machine that is ready for a boot, and the stack to boot. */
export type BootSite = Place & {
  /** The project's, on that Engine. */
  lock: ProjectLock;
  /** One deadline until everything is healthy, images not counted. */
  milliseconds: number;
  /** What the Engine had when the prerequisites were looked at. */
  containers: readonly EngineContainer[];
};

/**
 * The way of everything that boots something up to where images are needed: manifests → stack → lock → prerequisites.
 * The project is this arc's alone until `use` is done.
 *
 * @param options.afterwards called once the project is free again and the Engine can still be reached, also if `use`
 *   failed; it must not throw
 */
export async function onBootSite<Result>(options: {
  context: Context;
  request: BootOptions;
  command: string;
  use: (site: BootSite) => Promise<Result>;
  afterwards?: (failure: string | undefined) => Promise<void>;
}): Promise<Result> {
  const { context, request } = options;
  const milliseconds = request.timeout;
  const begun = beginConnection(context);
  const site = await meanwhile(begun, () => openSite({ context, request, ports: 'choose' }));
  const { root, manifests, stack, imagesLock } = site;
  for (const problem of stack.warnings) context.emit({ type: 'warning', problem });
  for (const { problem } of stack.refused) context.emit({ type: 'warning', problem });

  let lock: ProjectLock | undefined;
  let opened: OpenedEngine | undefined;
  const { project } = stack;
  let failure: string | undefined;
  try {
    opened = await prepare({
      ...{ context, request, root, workspace: manifests.workspace, stack, imagesLock, begun },
      // Before anything is looked at: ports that another `up` is binding right now are not in the way.
      first: async (connection) => {
        lock ??= await lockOn({ context, connection, project, command: options.command });
      },
    });
    if (lock === undefined) throw new Error('an Engine that is there has been locked');
    const { connection, containers } = opened;
    const placed = stackOnEngine({ site, containers });
    return await options.use({ ...placed, milliseconds, connection, containers, lock });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    throw await explainLoss(error, opened?.connection.ssh);
  } finally {
    await lock?.[Symbol.asyncDispose]();
    if (opened !== undefined) await options.afterwards?.(failure);
    opened?.connection.close();
  }
}

function prepare(options: {
  context: Context;
  request: BootOptions;
  root: string;
  workspace: WorkspaceManifest;
  stack: Stack;
  imagesLock: ImagesLock;
  begun: BegunConnection;
  first: (connection: EngineConnection) => Promise<void>;
}): Promise<OpenedEngine> {
  const { context, request, root, workspace, stack, imagesLock, begun, first } = options;
  const { environment, columns, emit, signal } = context;
  return ensurePrerequisites({
    workspace: { root, manifest: workspace, stack },
    builds: () => foreseeBuilds({ stack, root, workspace, lock: imagesLock, request, environment }),
    ...agreement({ context, yes: request.yes === true }),
    ...{ connected: begun.connected, first },
    ...{ environment, columns, emit, signal },
  });
}
