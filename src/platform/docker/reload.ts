import type { Clock } from '../../core/clock.ts';
import { failed, type Problem } from '../../core/errors.ts';
import { isLoaded, type Loaded } from '../../core/loaded.ts';
import { explain } from '../../core/probes/ask.ts';
import { origin, type Reach, type Reached, type SocketAddress } from '../../core/socket-address.ts';
import type { ReloadManifest } from '../../manifest/model-needs.ts';
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

/** A program whose mark has whole seconds can prove nothing before the next one: it is asked to load once more then. */
const againMilliseconds = 1_000;

/**
 * Has a program load its configuration, unless its own mark proves that it has, and waits until the mark does.
 *
 * @param options.deadlineMilliseconds after which it has failed
 * @returns whether it had to be asked to
 * @throws ArcError `not-reloaded` with the last answer
 */
export async function reload(options: {
  reloading: Reloading;
  engine: Pick<Engine, 'signalContainer'>;
  reach: Reach;
  clock: Clock;
  signal: AbortSignal;
  deadlineMilliseconds: number;
  /** Called before it is asked for the first time. */
  onAsk: () => void;
}): Promise<boolean> {
  const { reloading, clock, signal } = options;
  let answer = await askMark(options);
  if (answer.loaded) return false;
  options.onAsk();
  const began = clock.now();
  let asked = Number.NEGATIVE_INFINITY;
  while (!answer.loaded && !signal.aborted) {
    if (clock.now() - began > options.deadlineMilliseconds) throw failed(notReloaded(reloading, answer.said));
    if (clock.now() - asked >= againMilliseconds) {
      asked = clock.now();
      await trigger(options);
    } else {
      await clock.sleep(pauseMilliseconds, signal);
    }
    answer = await askMark(options);
  }
  return true;
}

type Way = {
  reloading: Reloading;
  engine: Pick<Engine, 'signalContainer'>;
  reach: Reach;
  signal: AbortSignal;
};

async function askMark(options: Way): Promise<{ loaded: boolean; said: string }> {
  const { container, reload, wanted } = options.reloading;
  const { port, path, pattern } = reload.proof;
  try {
    await using address = await options.reach({ role: container.role, port }, options.signal);
    const { status, text } = await exchange({ address, path, method: 'GET', signal: options.signal });
    const mark = new RegExp(pattern).exec(text)?.[1];
    const said = mark === undefined ? `${status}, without a mark` : `the mark ${mark}`;
    return {
      loaded: isLoaded({ mark, wanted, canAsk: reload.kind !== 'watch' }),
      said: `GET ${origin(address)}${path}: ${said}`,
    };
  } catch (error) {
    return { loaded: false, said: `GET ${path} of ${port}: ${explain(error)}` };
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
