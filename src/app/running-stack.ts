import { failed } from '../core/errors.ts';
import type { Reach } from '../core/socket-address.ts';
import type { Manifests } from '../manifest/model.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { observe } from '../platform/docker/observe.ts';
import { ownContainers } from '../platform/docker/orphans.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { ObservedContainer } from '../platform/docker/snapshot.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Context } from './context.ts';
import { asItRuns } from './images-in-use.ts';
import { openStack, withEngine } from './session.ts';
import { stackAmong } from './stack-among.ts';

/** Everything that runs, as the manifests describe it. */
export type RunningStack = {
  /** Absolute path of the workspace. */
  root: string;
  engine: Engine;
  manifests: Manifests;
  stack: BootableStack;
  /** Running containers of the project by their roles, those that no manifest describes among them. */
  running: ReadonlyMap<string, ObservedContainer>;
  reach: Reach;
};

/**
 * Opens what runs, for commands that ask it something and change nothing.
 *
 * @throws ArcError `nothing-runs` if nothing does
 */
export async function withRunning<Result>(options: {
  context: Context;
  use: (running: RunningStack) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  const request = { selection: [], without: [], set: [], flavour: [] };
  const opened = await openStack({ context, request, of: 'everything' });
  return await withEngine({
    context,
    use: async (engine, connection) => {
      const { project } = opened.stack;
      const snapshot = await observe({ engine, project, stack: opened.stack });
      const running = new Map(
        ownContainers(snapshot)
          .filter(({ state }) => state === 'running')
          .map((container) => [container.role, container]),
      );
      if (running.size === 0) {
        const message = `Nothing of ${project} runs.`;
        throw failed({ code: 'nothing-runs', message, suggestion: 'run `arc up`' });
      }
      const stack = asItRuns({ stack: stackAmong({ opened, there: new Set(running.keys()) }), snapshot });
      const reach = dockerReach({ engine, connection, stack, observed: snapshot.containers });
      return await use({ root: opened.root, engine, manifests: opened.manifests, stack, running, reach });
    },
  });
}
