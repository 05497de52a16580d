import { asPattern } from '../../core/as-pattern.ts';
import type { Recording } from '../../providers/recordings.ts';

/** `name`: it stays, and a person is told of it. */
export type Verdict = 'remove' | 'name' | 'keep';

/**
 * What is done about an object, by its key. Only what the server, or a list of the recording itself, says to be of this user alone
 * is removed: never what only has such a name, and never what another recording has, too. Pure.
 *
 * @param options.texts of the objects that recordings list others in, by their keys
 * @throws Error if one of these is not what it should be
 */
export function judgeOf(options: {
  user: string;
  rooms: readonly string[];
  known: readonly Recording[];
  texts: ReadonlyMap<string, readonly string[]>;
}): (key: string) => Verdict {
  const { user, rooms, known, texts } = options;
  const isShared = ({ of, room }: Recording): boolean => of === undefined && rooms.includes(room);
  const isTheirs = ({ of, isRunning }: Recording): boolean => of === user && !isRunning;
  const keysOf = (recordings: readonly Recording[]): ReadonlySet<string> =>
    new Set(
      recordings.flatMap(({ files, lists }) => [
        ...files,
        ...lists.map(({ key }) => key),
        ...lists.flatMap(({ key, keysIn }) => (texts.get(key) ?? []).flatMap((text) => keysIn(text))),
      ]),
    );
  const theirs = keysOf(known.filter(isTheirs));
  const shared = keysOf(known.filter(isShared));
  const others = keysOf(known.filter((recording) => !isTheirs(recording) && !isShared(recording)));
  const doubtful = known.filter((recording) => isTheirs(recording) || isShared(recording));
  // What the server has forgotten is known by its name alone: the room's, unless a request gave it another one.
  const named = [user, ...rooms].map((word) => new RegExp(`(^|[/_.-])${asPattern(word)}($|[/_.-])`));
  return (key) => {
    if (theirs.has(key)) return shared.has(key) || others.has(key) ? 'name' : 'remove';
    if (shared.has(key)) return 'name';
    if (others.has(key)) return 'keep';
    const isDoubtful =
      doubtful.some(({ resembles }) => resembles(key)) || named.some((pattern) => pattern.test(key));
    return isDoubtful ? 'name' : 'keep';
  };
}
