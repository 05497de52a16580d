import type { Clock } from '../../core/clock.ts';
import type { Applied } from '../../core/driver.ts';
import { failed, type Problem } from '../../core/errors.ts';
import type { Answer } from '../../core/event.ts';
import { isLoaded, type Loaded } from '../../core/loaded.ts';
import { explain } from '../../core/probes/ask.ts';
import { origin, type Reach, type Reached, type SocketAddress } from '../../core/socket-address.ts';
import type { ReloadManifest } from '../../manifest/model-needs.ts';
import type { Unloaded } from './drivers/container-reload.ts';
import type { Engine } from './engine.ts';

/** A program that should have loaded the files of a mounted folder. */
export type Reloading = {
  container: { role: string; name: string };
  reload: ReloadManifest;
  wanted: Loaded;
};

/** One question takes no longer; a program that is busy loading may be slow to answer. */
const answerMilliseconds = 5_000;

/** Between two questions. A program loads its configuration within milliseconds. */
const pauseMilliseconds = 50;

/** A mark in whole seconds proves nothing until the next second, so arc then asks the program to load again. */
const againMilliseconds = 1_000;

/**
 * Has a program load its configuration, and waits until its own mark proves that it has. It is asked to whatever its
 * mark says before: the digest of one file says nothing of the others.
 *
 * @param options.progress called with each answer to the question what it has loaded
 * @param options.deadlineMilliseconds after which it has failed
 * @returns `left` if somebody interrupted it first
 * @throws ArcError `not-reloaded` with the last answer
 */
export async function reload(
  options: Way & {
    clock: Clock;
    deadlineMilliseconds: number;
    progress: (answer: Answer) => void;
  },
): Promise<Applied> {
  const { reloading, clock, signal, progress } = options;
  const began = clock.now();
  let asked = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (clock.now() - asked >= againMilliseconds) {
      asked = clock.now();
      await trigger(options);
    }
    const { loaded, question, reply } = await askMark(options);
    progress({ question, reply, ok: loaded });
    if (loaded) return 'done';
    if (clock.now() - began > options.deadlineMilliseconds)
      throw failed(notReloaded(reloading, `${question}: ${reply}`));
    await clock.sleep(pauseMilliseconds, signal);
  }
  return 'left';
}

/** A program, and the way to it. */
type Way = {
  reloading: Reloading;
  engine: Pick<Engine, 'signalContainer'>;
  reach: Reach;
  signal: AbortSignal;
};

/**
 * What the mark of a program says of the files that are there now: nothing if it has loaded them. One that does not answer,
 * or without a mark, is `silent`.
 */
export async function unloadedBy(options: Omit<Way, 'engine'>): Promise<Unloaded | undefined> {
  const { loaded, mark } = await askMark(options);
  if (loaded) return undefined;
  return mark === undefined ? 'silent' : 'other';
}

type MarkAnswer = { loaded: boolean; mark?: string; question: string; reply: string };

async function askMark({ reloading, reach, signal }: Omit<Way, 'engine'>): Promise<MarkAnswer> {
  const { container, reload, wanted } = reloading;
  const { port, path, pattern } = reload.proof;
  try {
    await using address = await reach({ role: container.role, port }, signal);
    const { status, text } = await exchange({ address, path, method: 'GET', signal });
    const mark = new RegExp(pattern).exec(text)?.[1];
    const loaded = isLoaded({ mark, wanted, canAsk: reload.kind !== 'watch' });
    const question = `GET ${origin(address)}${path}`;
    return mark === undefined
      ? { loaded, question, reply: `${status}, without a mark` }
      : { loaded, mark, question, reply: `the mark ${mark}` };
  } catch (error) {
    return { loaded: false, question: `GET ${path} of ${port}`, reply: explain(error) };
  }
}

async function trigger(options: Way): Promise<void> {
  const { container, reload } = options.reloading;
  switch (reload.kind) {
    case 'signal':
      return options.engine.signalContainer({ name: container.name, signal: reload.signal });
    case 'http': {
      await using address: Reached = await options.reach(
        { role: container.role, port: reload.port },
        options.signal,
      );
      const { path, method } = reload;
      const { status, text } = await exchange({ address, path, method, signal: options.signal });
      if (status >= 400) {
        throw failed(
          notReloaded(options.reloading, `${method} ${path}: ${status} ${text.slice(0, 400).trim()}`),
        );
      }
      return;
    }
    case 'watch':
      return;
    default:
      return reload satisfies never;
  }
}

async function exchange(options: {
  address: SocketAddress;
  path: string;
  method: string;
  signal: AbortSignal;
}): Promise<{ status: number; text: string }> {
  const { address, path, method } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(answerMilliseconds)]);
  const response = await fetch(`${origin(address)}${path}`, { method, signal });
  return { status: response.status, text: await response.text() };
}

function notReloaded({ container, reload }: Reloading, last: string): Problem {
  return {
    code: 'not-reloaded',
    message: `${container.name} has not loaded its changed configuration (${last}).`,
    suggestion: `look at what it says with \`arc logs ${container.role}\`; it still runs with the previous configuration${reload.kind === 'watch' ? '' : ', and `arc up` tries again'}`,
  };
}
