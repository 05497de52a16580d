import { failed } from '../../core/errors.ts';
import { explain } from '../../core/probes/ask.ts';
import type { Server } from '../../providers/provider.ts';
import type { ListRecordings, Recording, ServerQuestion, StoredObjects } from '../../providers/recordings.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunning } from '../running-stack.ts';
import { judgeOf, type Verdict } from './judge-recordings.ts';

/** What became of the recordings of a user, by the keys of their objects. */
export type ForgottenRecordings = {
  /** Of this user alone. */
  removed: readonly string[];
  /** Of rooms that they were in, and those of whom only a name speaks: others may be heard in them. */
  kept: readonly string[];
  /** Recordings of this user alone that still run. */
  running: readonly string[];
};

/**
 * Removes the recordings of one user alone from the storage, and names those in which others may be heard.
 *
 * @param options.rooms those that the user has been in
 * @returns undefined where no storage runs
 * @throws ArcError `nothing-runs`; `recordings-not-removed`, after which the same call does the rest
 */
export async function forgetRecordings(options: {
  context: Context;
  user: string;
  rooms: readonly string[];
}): Promise<ForgottenRecordings | undefined> {
  const { context, user, rooms } = options;
  return await withRunning({
    context,
    use: async ({ stack, running, reach }) => {
      const { lists, storages } = knowing({ stack, running });
      if (storages.length === 0) return undefined;
      const asked = { reach, signal: context.signal };
      try {
        const known: Recording[] = [];
        for (const { list, server } of lists) known.push(...(await list({ ...asked, server })));
        const { removed, kept } = await removeRecordings({ user, rooms, known, storages, asked });
        const theirs = known.filter(({ of, isRunning }) => of === user && isRunning);
        return { removed, kept, running: theirs.map(({ id }) => id) };
      } catch (cause) {
        throw failed(
          {
            code: 'recordings-not-removed',
            message: `The recordings of ${user} could not be removed: ${explain(cause)}.`,
            suggestion: 'nothing else of theirs is removed yet; run it again when `arc health` is well',
          },
          cause,
        );
      }
    },
  });
}

/**
 * Reads what recordings list, and removes what is of this user alone.
 *
 * @throws Error where a storage or a list fails
 */
export async function removeRecordings(options: {
  user: string;
  rooms: readonly string[];
  known: readonly Recording[];
  storages: readonly Storage[];
  asked: Omit<ServerQuestion, 'server'>;
}): Promise<{ removed: readonly string[]; kept: readonly string[] }> {
  const { user, rooms, known, storages, asked } = options;
  const keys = [...new Set(known.flatMap(({ lists }) => lists.map(({ key }) => key)))];
  const texts = new Map<string, readonly string[]>();
  for (const { objects, server } of storages)
    for (const [key, found] of await objects.read({ ...asked, server, keys }))
      texts.set(key, [...(texts.get(key) ?? []), ...found]);
  const verdictOn = judgeOf({ user, rooms, known, texts });
  // Lists are removed last: where it fails in the middle, the next call reads from them what is left.
  const later = new Set(keys.filter((key) => texts.has(key) && verdictOn(key) === 'remove'));
  const rounds = [
    (key: string): Verdict => (later.has(key) ? 'keep' : verdictOn(key)),
    ...(later.size > 0 ? [(key: string): Verdict => (later.has(key) ? 'remove' : 'keep')] : []),
  ];
  const removed: string[] = [];
  const kept: string[] = [];
  for (const judge of rounds)
    for (const { objects, server } of storages) {
      const found = await objects.remove({ ...asked, server, judge });
      removed.push(...found.removed);
      kept.push(...found.named);
    }
  return { removed, kept };
}

type Storage = { objects: StoredObjects; server: Server };

function knowing({ stack, running }: Pick<RunningStack, 'stack' | 'running'>) {
  const lists: { list: ListRecordings; server: Server }[] = [];
  const storages: Storage[] = [];
  for (const { provider, server } of serversOf(stack)) {
    if (!running.has(server.role)) continue;
    if (provider.recordings !== undefined) lists.push({ list: provider.recordings, server });
    if (provider.objects !== undefined) storages.push({ objects: provider.objects, server });
  }
  return { lists, storages };
}
