import { ArcError } from '../../core/errors.ts';
import { confirmByTyping } from '../consent.ts';
import type { Context } from '../context.ts';
import { forgetUser } from '../contract/forget.ts';
import { withBrain } from './ask-brain.ts';
import { type ForgottenRecordings, forgetRecordings } from './forget-recordings.ts';

/** What is gone. */
export type ForgottenUser = {
  user: string;
  /** Rows of turns that were removed, with their vectors. */
  turns: number;
  /** What became of recordings; absent where no storage runs. */
  recordings?: ForgottenRecordings;
  /** When the key of what is encrypted in messages was destroyed; absent where there was none. */
  at?: string;
};

/**
 * Removes what agents remember of a user: recordings of them alone, turns with their vectors, sessions and scores, and the
 * key of the personal fields in all messages. The audit trail gets entries.
 *
 * @param options.yes answers the question
 * @throws ArcError as `withBrain`, `forgetRecordings` and `forgetUser`; `declined`, `needs-consent`
 */
export async function forgetAgentsUser(options: {
  context: Context;
  user: string;
  yes: boolean;
}): Promise<ForgottenUser> {
  const { context, user, yes } = options;
  await confirmByTyping({
    context,
    question: `Type the user's id, ${user}, to remove what agents remember of them for ever`,
    word: user,
    flag: '--yes',
    given: yes,
  });
  // Rooms are known by the rows, so recordings are first: if they fail, the same command does all of it later.
  const rooms = await withBrain({
    context,
    use: async (ask) => textsIn((await ask('/v1/rooms', { user })).rooms),
  });
  const recordings = await forgetRecordings({ context, user, rooms });
  const turns = await withBrain({
    context,
    use: async (ask) =>
      Number((await ask('/v1/forget', { user, recordings: recordings?.removed.length ?? 0 })).turns ?? 0),
  });
  const at = await destroyedKey({ context, user });
  return {
    user,
    turns,
    ...(recordings === undefined ? {} : { recordings }),
    ...(at === undefined ? {} : { at }),
  };
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  throw new Error('the brain did not answer with rooms');
}

/** A user of whom no message was encrypted has no key, which is as good as a destroyed one. */
async function destroyedKey(options: { context: Context; user: string }): Promise<string | undefined> {
  try {
    const { at } = await forgetUser({ ...options, yes: true, show: () => undefined });
    return at;
  } catch (cause) {
    if (cause instanceof ArcError && cause.code === 'unknown-user') return undefined;
    throw cause;
  }
}
