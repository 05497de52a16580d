import { failed } from '../../core/errors.ts';
import { type Address, addressOf, nameOf } from '../../core/resource.ts';
import type { Reach } from '../../core/socket-address.ts';
import type { Manifests } from '../../manifest/model.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import { observe } from '../../platform/docker/observe.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { BootableStack } from '../../stack/model.ts';
import type { Context } from '../context.ts';
import { asItRuns } from '../images-in-use.ts';
import type { InsideResource } from '../inside-kinds.ts';
import { openStack, withEngine } from '../session.ts';

/** What runs of a workspace, for commands that talk to servers in it. */
export type RunningStack = {
  /** Absolute path of the workspace. */
  root: string;
  manifests: Manifests;
  stack: BootableStack;
  running: ReadonlySet<Address>;
  /** Of the containers that run. */
  roles: ReadonlySet<string>;
  reach: Reach;
  connection: EngineConnection;
};

/** Runs `use` with all services of the workspace, and with what runs of them. Changes nothing. */
export async function withRunningStack<Result>(options: {
  context: Context;
  use: (found: RunningStack) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  const request = { selection: [], without: [], set: [] };
  const { root, manifests, stack: described } = await openStack({ context, request, of: 'everything' });
  return withEngine({
    context,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: described.project, stack: described });
      const stack = asItRuns({ stack: described, snapshot });
      const reach = dockerReach({ stack, observed: snapshot.containers, engine, connection });
      const running = runningIn(snapshot);
      const roles = new Set(
        stack.containers
          .filter(({ name }) => running.has(addressOf('container', name)))
          .map(({ role }) => role),
      );
      return use({ root, stack, manifests, running, roles, reach, connection });
    },
  });
}

/** @throws ArcError `not-running` where the server of a resource does not run */
export function requireServer(options: {
  running: ReadonlySet<Address>;
  resource: Pick<InsideResource, 'inside' | 'access'>;
}): void {
  const { running, resource } = options;
  const { inside, access } = resource;
  if (inside === undefined || running.has(inside)) return;
  throw failed({
    code: 'not-running',
    message: `${nameOf(inside)} does not run, so nobody knows what is in it.`,
    suggestion: `run \`arc up ${access.at.role}\``,
  });
}

/** Addresses of the containers that run. */
export function runningIn({ containers }: Pick<Snapshot, 'containers'>): ReadonlySet<Address> {
  const running = containers.filter(({ state }) => state === 'running');
  return new Set(running.map(({ name }) => addressOf('container', name)));
}
