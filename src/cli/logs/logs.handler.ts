import { chosenRoles } from '../../app/chosen-roles.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { openRunning, withEngine } from '../../app/session.ts';
import { defined } from '../../core/defined.ts';
import { parseDuration } from '../../core/duration.ts';
import { exitStatus, failed, invalid } from '../../core/errors.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import type { Handler } from '../cli.ts';

type LogsOptions = SelectionOptions & {
  follow?: boolean;
  since?: string;
  tail?: string;
  timestamps?: boolean;
};

/** The logs of all selected containers together, each line with its container. Without `--follow`, in order of time. */
export const showLogs: Handler<LogsOptions> = async (options, cli) => {
  const since = options.since === undefined ? undefined : parseSince(options.since);
  const tail = options.tail === undefined ? undefined : parseTail(options.tail);
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
      const held: { name: string; stream: 'stdout' | 'stderr'; line: string; time: string }[] = [];
      const show = (line: (typeof held)[number]): void =>
        cli.emit({
          type: 'log',
          container: line.name,
          stream: line.stream,
          time: line.time,
          line: options.timestamps === true && cli.mode !== 'json' ? `${line.time} ${line.line}` : line.line,
        });
      const follow = options.follow === true;
      if (follow) cli.endsWithReader();
      await Promise.all(
        chosen.map(({ name }) =>
          connection.logs({
            request: {
              name,
              follow,
              ...defined({ since, tail }),
            },
            onLine: (line) => (follow ? show({ name, ...line }) : held.push({ name, ...line })),
            signal: cli.signal,
          }),
        ),
      );
      for (const line of held.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)))
        show(line);
    },
  });
  return exitStatus.done;
};

/** Seconds since 1970. */
function parseSince(text: string): number {
  const moment = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(moment)) return moment / 1000;
  const ago = parseDuration(text);
  if (ago !== undefined) return (Date.now() - ago) / 1000;
  throw invalid({
    code: 'bad-flag',
    message: `--since takes a time or a duration, and got "${text}".`,
    suggestion: 'for example --since 10m or --since 2026-01-31T12:00:00Z',
  });
}

function parseTail(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid({
    code: 'bad-flag',
    message: `--tail takes a number of lines, and got "${text}".`,
    suggestion: 'for example --tail 100',
  });
}
