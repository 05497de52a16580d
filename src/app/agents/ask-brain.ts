import { failed } from '../../core/errors.ts';
import { askBrain, BrainRefusal } from '../../providers/brain.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunning } from '../running-stack.ts';

const role = 'brain';

/** How long it may take: a model may judge. */
const patience = 90_000;

/** Asks the brain that runs. Each code of a refusal is one of the brain's own: `unknown_session`, `no_memory`. */
export type Ask = (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Opens the brain of the stack that runs.
 *
 * @throws ArcError `nothing-runs`, `no-brain`; `brain-refused` with its words
 */
export async function withBrain<Result>(options: {
  context: Context;
  use: (ask: Ask) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  return await withRunning({
    context,
    use: async (running) => {
      if (!running.running.has(role))
        throw failed({
          code: 'no-brain',
          message: 'No brain runs, so nobody knows what was said.',
          suggestion: 'run `arc up brain`',
        });
      const token = await tokenOf(running);
      await using address = await running.reach({ role, port: 'http' }, context.signal);
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)]);
      return await use(async (path, body) => {
        try {
          return await askBrain({ address, path, body, signal, ...(token === undefined ? {} : { token }) });
        } catch (cause) {
          if (!(cause instanceof BrainRefusal)) throw cause;
          throw failed({
            code: 'brain-refused',
            message: cause.message,
            detail: [cause.code],
            suggestion: suggestions[cause.code] ?? '`arc logs brain` says more',
          });
        }
      });
    },
  });
}

const suggestions: Readonly<Record<string, string>> = {
  no_memory: 'run `arc up sql brain`',
  unknown_session:
    'check the id: `SELECT DISTINCT session_id FROM agents.conversations` lists those that are kept',
};

/** A token by which the brain knows that arc may change what it keeps. */
async function tokenOf({ stack }: RunningStack): Promise<string | undefined> {
  const [found] = serversOf(stack).flatMap(({ provider, server }) =>
    provider.token === undefined ? [] : [{ tokenFor: provider.token, server }],
  );
  const grant = { room: '', identity: 'arc', seconds: 120, publish: false, admin: true };
  return (await found?.tokenFor({ server: found.server, address: undefined, grant }))?.token;
}
