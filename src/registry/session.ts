import { ArcError } from '../core/errors.ts';
import { persist, type RetryPolicy, TransientFailure } from '../core/retry.ts';
import { apiRoot } from './address.ts';
import { type Access, type Authoriser, openAuthoriser } from './authorise.ts';
import { type Answer, openExchanger, type Question } from './exchange.ts';
import type { RegistryRetry } from './model.ts';
import { registryFailed, UnreachableRegistry, UnusableAnswer, unreachable } from './problems.ts';
import { registryWords } from './words.ts';

/** One request of an operation. */
export type Call = Omit<Question, 'signal' | 'url'> & {
  /** Below the repository: `manifests/v1`; or where the registry said to go on. */
  to: string | URL;
  /** Statuses that the operation knows what to do with; every other is an error. */
  expect: readonly number[];
};

/** Asks for one operation: with the login, and within its time. */
export type Caller = (call: Call) => Promise<Answer>;

/** How operations talk to registries: tried again where that helps, with every failure in words for people. */
export type Session = {
  /**
   * @param operation.what for people, after "could not": `read ghcr.io/arc-framework/arc-cache:v1`
   * @param operation.bytes how much goes up, which may take longer then
   * @throws ArcError registry-unauthorized, registry-unreachable, registry-failed
   */
  perform: <Result>(
    operation: Access & { what: string; bytes?: number; run: (ask: Caller) => Promise<Result> },
  ) => Promise<Result>;
  prepare: () => void;
  close: () => Promise<void>;
};

/** The slowest way up that is waited for: 50 kB/s, in bytes a millisecond. */
const slowestUpload = 50;

export function openSession(options: {
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onRetry: (retry: RegistryRetry) => void;
  policy: RetryPolicy;
}): Session {
  const { environment, signal, onRetry, policy } = options;
  const exchanger = openExchanger(environment);
  const authoriser = openAuthoriser({ exchanger, environment, now: Date.now });
  return {
    prepare: exchanger.prepare,
    close: exchanger.close,
    perform: async ({ repo, permission, what, bytes = 0, run }) => {
      const { registry } = repo;
      const access = { repo, permission };
      try {
        return await persist({
          operation: (bounded) =>
            run(async (call) => await authorised({ access, call, authoriser, exchanger, signal: bounded })),
          policy: { ...policy, deadline: policy.deadline + Math.ceil(bytes / slowestUpload) },
          signal,
          onRetry: (retry) => onRetry({ registry, what, ...retry }),
        });
      } catch (error) {
        signal.throwIfAborted();
        throw asProblem({ error, registry, what, authoriser });
      }
    },
  };
}

async function authorised(options: {
  access: Access;
  call: Call;
  authoriser: Authoriser;
  exchanger: ReturnType<typeof openExchanger>;
  signal: AbortSignal;
}): Promise<Answer> {
  const { access, call, authoriser, exchanger, signal } = options;
  const { to, expect, ...question } = call;
  const root = apiRoot(access.repo.registry);
  const url = new URL(to, `${root}/v2/${access.repo.repository}/`);
  // A registry may have uploads go to its storage, with a permit in the address: the login is not for others.
  const own = url.origin === new URL(root).origin;
  const ask = async (authorization: string | undefined): Promise<Answer> =>
    await exchanger.ask({
      ...question,
      url,
      headers: { ...question.headers, ...(authorization === undefined ? {} : { authorization }) },
      signal,
    });
  const header = own ? await authoriser.header(access, signal) : undefined;
  let answer = await ask(header);
  if (answer.status === 401 && own) {
    answer = await ask(await authoriser.afterRefusal(access, { answer, header }, signal));
  }
  if (expect.includes(answer.status)) return answer;
  if (answer.status === 401 || answer.status === 403) throw await authoriser.refused(access, answer);
  const [status, ...words] = registryWords(answer);
  throw new UnusableAnswer(`the registry answered ${status}`, words);
}

function asProblem(options: {
  error: unknown;
  registry: string;
  what: string;
  authoriser: Authoriser;
}): unknown {
  const { error, registry, what, authoriser } = options;
  if (error instanceof ArcError) return error;
  const secrets = authoriser.secrets();
  if (error instanceof UnreachableRegistry) return unreachable({ registry, what, reason: error.message });
  if (error instanceof UnusableAnswer) {
    return registryFailed({ what, reason: error.message, words: error.words, secrets, cause: error });
  }
  if (error instanceof TransientFailure) {
    const { retryAfter, attempts } = error;
    const words = [
      ...error.words.slice(1),
      ...(retryAfter === undefined ? [] : [`asks to wait ${retryAfter / 1000} s`]),
      ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ];
    return registryFailed({ what, reason: error.message, words, secrets, cause: error });
  }
  return error;
}
