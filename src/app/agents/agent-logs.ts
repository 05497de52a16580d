import { failed } from '../../core/errors.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import { asBootable } from '../../stack/bootable.ts';
import type { Context } from '../context.ts';
import { type LogLine, readLines } from '../logs/read-lines.ts';
import { serversOf } from '../providers.ts';
import { openStack, withEngine } from '../session.ts';
import { followsSession, type SessionFilter } from './session-lines.ts';

/**
 * Reads the logs of the project's workers, also of those that have stopped.
 *
 * @param options.since seconds since 1970
 * @param options.tail most lines: of each container, or with a filter of all together
 * @throws ArcError `nothing-runs`
 */
export async function agentLogs(options: {
  context: Context;
  filter: SessionFilter;
  follow: boolean;
  since?: number;
  tail?: number;
  onLine: (line: LogLine) => void;
  onFollow: () => void;
}): Promise<void> {
  const { context, filter, follow, tail, onLine } = options;
  const request = { selection: [], without: [], set: [] };
  const { stack } = await openStack({ context, request, of: 'everything' });
  await withEngine({
    context,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const roles = new Set(
        serversOf(asBootable(stack)).flatMap(({ provider, server }) =>
          provider.worker === undefined ? [] : [server.role],
        ),
      );
      const names = ownContainers(snapshot).flatMap(({ role, name }) => (roles.has(role) ? [name] : []));
      if (names.length === 0)
        throw failed({
          code: 'nothing-runs',
          message: 'There is no worker for conversations, so there are no logs of agents.',
          suggestion: 'run `arc up agent`',
        });
      const all = filter.room === undefined && filter.session === undefined;
      if (all) return await readLines({ ...options, connection, names });
      const chosen = new Map(names.map((name) => [name, followsSession(filter)]));
      const kept: LogLine[] = [];
      const { tail: _, ...unbounded } = options;
      await readLines({
        ...unbounded,
        connection,
        names,
        onLine: (line) => {
          if (chosen.get(line.name)?.(line.line) !== true) return;
          if (follow) onLine(line);
          else kept.push(line);
        },
      });
      for (const line of tail === undefined ? kept : kept.slice(kept.length - Math.min(tail, kept.length)))
        onLine(line);
    },
  });
}
