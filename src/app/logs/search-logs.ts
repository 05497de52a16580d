import { failed, type Problem } from '../../core/errors.ts';
import { explain } from '../../core/probes/ask.ts';
import type { Reached } from '../../core/socket-address.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import type { LogLevel, LogQuery, StoredLine } from '../../providers/log-store.ts';
import { levelsFrom } from '../../providers/log-store.ts';
import { collectedRoles } from '../../stack/logging.ts';
import { indexWorkspace } from '../../stack/workspace-index.ts';
import { chosenRoles } from '../chosen-roles.ts';
import type { Context } from '../context.ts';
import { asItRuns } from '../images-in-use.ts';
import type { SelectionOptions } from '../request.ts';
import { openStack, withEngine } from '../session.ts';
import { findGaps, type Gap } from './gaps.ts';
import { storeInStack } from './store-in-stack.ts';

/** A search is answered within this time, or the store does not work; in milliseconds. */
const searchMilliseconds = 30_000;

/** As many lines of each side are compared at most, the newest; in lines. */
const comparedLines = 20_000;

/** The Engine, the Collector and the store each hold a line back for a moment, together less than this; in milliseconds. */
const underWayMilliseconds = 10_000;

/** Lines that are at least this old are no longer searched for without `since`; in milliseconds. */
const searchedByDefault = 24 * 60 * 60 * 1_000;

export type LogSearch = SelectionOptions & {
  /** Milliseconds since 1970. */
  since?: number;
  text?: string;
  /** That level and more severe ones. */
  level?: LogLevel;
  /** The newest so many. */
  limit: number;
};

/** `more`: there are older lines than those. */
export type FoundLines = { lines: readonly StoredLine[]; gaps: readonly Gap[]; more: boolean };

/**
 * Finds lines of the whole project where its logs are kept, also of containers that are gone; and, of the time that was
 * searched, what did not arrive there, as far back as the Engine still has it.
 *
 * @throws ArcError `no-log-store`, or `logs-unanswered` with the store's own words
 */
export async function searchLogs(options: { context: Context; search: LogSearch }): Promise<FoundLines> {
  const { context, search } = options;
  const { selection, without } = search;
  const opened = await openStack({ context, request: search, of: 'everything' });
  const { manifests } = opened;
  return withEngine({
    context,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: opened.stack.project, stack: opened.stack });
      const stack = asItRuns({ stack: opened.stack, snapshot });
      const own = ownContainers(snapshot);
      const runs = new Set(own.flatMap(({ role, state }) => (state === 'running' ? [role] : [])));
      const { role, port, name, store } = storeInStack({ stack, runs });
      const chosen = chosenRoles({ manifests, snapshot, selection, without });
      const roles = chosen === undefined ? undefined : [...chosen];
      const since = search.since ?? Date.now() - searchedByDefault;
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(searchMilliseconds)]);
      const reach = dockerReach({ engine, connection, stack, observed: snapshot.containers });
      await using address: Reached = await reach({ role, port }, signal);
      const ask = async (query: LogQuery): Promise<readonly StoredLine[]> => {
        try {
          return await store.search({ address, query, signal });
        } catch (cause) {
          if (context.signal.aborted) throw cause;
          throw failed(unanswered({ name, role, cause, late: signal.aborted }));
        }
      };

      const ofRoles = roles === undefined ? {} : { roles };
      const found = ask({
        since,
        limit: search.limit + 1,
        ...ofRoles,
        ...(search.text === undefined ? {} : { text: search.text }),
        ...(search.level === undefined ? {} : { levels: levelsFrom(search.level) }),
      });
      const arrived = ask({ since, limit: comparedLines, ...ofRoles });
      const collected = collectedRoles(indexWorkspace(manifests));
      const compared = own.filter(
        (one) => collected.has(one.role) && (chosen === undefined || chosen.has(one.role)),
      );
      const ofEngine = Promise.all(
        compared.map(async ({ name: container, role: of }) => {
          const lines: StoredLine[] = [];
          await connection.logs({
            request: { name: container, follow: false, since: since / 1000, tail: comparedLines },
            onLine: (line) => lines.push({ container, role: of, ...line }),
            signal,
          });
          return lines;
        }),
      );
      const [matching, stored, engineLines] = await Promise.all([found, arrived, ofEngine]);
      // Of a list that is full, only what is not older than its first line is whole.
      const from = [stored, ...engineLines]
        .flatMap((list) => (list.length < comparedLines ? [] : (list[0]?.time ?? [])))
        .reduce((latest, time) => (time > latest ? time : latest), '');
      const to = new Date(Date.now() - underWayMilliseconds).toISOString();
      const { gaps, lost } = findGaps({ engine: engineLines, stored, from, to });
      const lines = [...matching, ...lost.filter((line) => matches(line, search))].toSorted((a, b) =>
        a.time < b.time ? -1 : a.time > b.time ? 1 : 0,
      );
      return { lines: lines.slice(-search.limit), more: lines.length > search.limit, gaps };
    },
  });
}

/** Whether a line that only the Engine has is one that is searched for. Nobody has found out its level. */
function matches({ line }: StoredLine, { text = '', level }: LogSearch): boolean {
  return level === undefined && line.toLowerCase().includes(text.toLowerCase());
}

function unanswered(options: { name: string; role: string; cause: unknown; late: boolean }): Problem {
  const { name, role, cause, late } = options;
  return {
    code: 'logs-unanswered',
    message: late
      ? `${name} did not answer the search within ${searchMilliseconds / 1000} s.`
      : `${name} did not answer the search: ${explain(cause)}.`,
    suggestion: `\`arc health ${role}\` says how it is; \`arc logs\` without --query and --level reads from the Engine`,
  };
}
