import { chosenRoles } from '../../app/chosen-roles.ts';
import { readLines } from '../../app/logs/read-lines.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { openRunning, withEngine } from '../../app/session.ts';
import { defined } from '../../core/defined.ts';
import { type ArcError, exitStatus, failed, invalid } from '../../core/errors.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import type { LogLevel } from '../../providers/log-store.ts';
import type { Handler } from '../cli.ts';
import { parseSince, parseTail, showLine } from '../log-lines.ts';
import { defaultLimit, longestSearch, showFound } from './search.ts';

type LogsOptions = SelectionOptions & {
  follow?: boolean;
  since?: string;
  tail?: string;
  timestamps?: boolean;
  query?: string;
  level?: LogLevel;
};

/**
 * The logs of all selected containers together, each line with its container. Without `--follow`, in order of time. The
 * Engine has them; a text or a level is searched for where logs are kept, which knows of more.
 */
export const showLogs: Handler<LogsOptions> = async (options, cli) => {
  const since = options.since === undefined ? undefined : parseSince(options.since);
  const tail = options.tail === undefined ? undefined : parseTail(options.tail);
  if (options.query !== undefined || options.level !== undefined) {
    if (options.follow === true) throw searchEnds();
    const { selection, without, set, query: text, level } = options;
    return showFound({
      cli,
      search: {
        ...{ selection, without, set },
        ...defined({ since: since === undefined ? undefined : since * 1000, text, level }),
        limit: Math.min(tail ?? defaultLimit, longestSearch),
      },
    });
  }
  const { manifests, stack } = await openRunning({ context: cli, request: options });
  await withEngine({
    context: cli,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const { selection, without } = options;
      const roles = chosenRoles({ manifests, snapshot, selection, without });
      const chosen = ownContainers(snapshot).filter(({ role }) => roles === undefined || roles.has(role));
      if (chosen.length === 0)
        throw failed({
          code: 'nothing-runs',
          message: 'There is no container, so there are no logs.',
          suggestion: 'run `arc up`',
        });
      await readLines({
        context: cli,
        connection,
        names: chosen.map(({ name }) => name),
        follow: options.follow === true,
        ...defined({ since, tail }),
        onLine: (line) => showLine({ cli, line, timestamps: options.timestamps === true }),
        onFollow: () => cli.endsWithReader(),
      });
    },
  });
  return exitStatus.done;
};

function searchEnds(): ArcError {
  return invalid({
    code: 'bad-flag',
    message: '--follow shows lines as the Engine gets them, and --query and --level search what is kept.',
    suggestion: 'leave out --follow, or search with grep: `arc logs --follow | grep <text>`',
  });
}
