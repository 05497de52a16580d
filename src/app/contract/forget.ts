import { invalid } from '../../core/errors.ts';
import { confirmByTyping } from '../consent.ts';
import type { Context } from '../context.ts';
import { onlyOne, sqlDatabases } from '../sql/databases.ts';
import { requireServer, withRunningStack } from '../sql/running-stack.ts';
import { type PersonalPlace, personalPlaces } from './personal-places.ts';

/** What was done, and what is unreadable since. */
export type Forgotten = {
  user: string;
  /** When the key was destroyed, as ISO 8601. */
  at: string;
  places: readonly PersonalPlace[];
};

/**
 * Destroys the key that a user's personal fields are encrypted with, after asking. Messages stay where they are; what
 * is personal in them can never be read again.
 *
 * @param options.show gets what will be unreadable, before the question
 * @param options.yes answers the question
 * @throws ArcError `unknown-user` (exit status 2) where the user has no key; `declined`, `needs-consent`
 */
export function forgetUser(options: {
  context: Context;
  user: string;
  database?: string | undefined;
  yes: boolean;
  show: (places: readonly PersonalPlace[]) => void;
}): Promise<Forgotten> {
  const { context, user, yes, show } = options;
  return withRunningStack({
    context,
    use: async ({ stack, running, reach }) => {
      const found = sqlDatabases({ stack, named: options.database });
      const { database, resource, tools } = onlyOne(found, (one) => one.database);
      const { at, fields } = resource.access;
      requireServer({ running, resource });
      const places = personalPlaces(stack.contracts);
      await using address = await reach(at, context.signal);
      const given = { role: at.role, fields, address, database, user, signal: context.signal };
      if (!(await tools.userKeys.has(given))) throw unknownUser(user);
      show(places);
      await confirmByTyping({
        context,
        question: `Type the user's id, ${user}, to destroy the key for ever`,
        word: user,
        flag: '--yes',
        given: yes,
      });
      const destroyed = await tools.userKeys.destroy(given);
      if (destroyed === undefined) throw unknownUser(user);
      return { user, at: destroyed, places };
    },
  });
}

function unknownUser(user: string) {
  return invalid({
    code: 'unknown-user',
    message: `The user ${user} has no key, so nothing of theirs is readable.`,
    suggestion: 'check the id; a user who was forgotten has no key either',
  });
}
