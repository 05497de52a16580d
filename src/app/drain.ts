import type { Clock } from '../core/clock.ts';
import { failed } from '../core/errors.ts';
import type { EventSink } from '../core/event.ts';
import { addressOf } from '../core/resource.ts';
import type { ServerLoss } from '../providers/provider.ts';
import { describeLosses } from './losses.ts';

/** Time between two questions to a server whether it is empty. */
const pauseMilliseconds = 2_000;

/**
 * Waits until nothing is live any more in what a plan stops: rooms are empty, recordings have ended. Nothing is changed
 * meanwhile, so people can still join, and new rooms are still possible.
 *
 * @param options.ask what is live now
 * @param options.milliseconds how long to wait at most
 * @throws ArcError `not-drained` with what is left
 */
export async function drain(options: {
  ask: () => Promise<readonly ServerLoss[]>;
  milliseconds: number;
  clock: Clock;
  signal: AbortSignal;
  emit: EventSink;
}): Promise<void> {
  const { ask, milliseconds, clock, signal, emit } = options;
  const began = clock.now();
  const shown = new Set<string>();
  for (;;) {
    const live = (await ask()).filter(({ kind }) => kind === 'live');
    const elapsed = Math.round(clock.now() - began);
    const roles = new Set(live.map(({ role }) => role));
    for (const role of shown)
      if (!roles.has(role)) emit({ ...step(role), phase: 'done', milliseconds: elapsed });
    for (const { role, text } of live) {
      shown.add(role);
      const answer = {
        question: 'what is live',
        reply: text,
        ok: false,
        againMilliseconds: pauseMilliseconds,
      };
      emit({ ...step(role), phase: 'running', answer, milliseconds: elapsed });
    }
    for (const role of [...shown]) if (!roles.has(role)) shown.delete(role);
    if (live.length === 0 || signal.aborted) return;
    if (elapsed >= milliseconds) {
      for (const role of shown) emit({ ...step(role), phase: 'failed', milliseconds: elapsed });
      throw failed({
        code: 'not-drained',
        message: `After ${Math.round(milliseconds / 1000)} s there is still ${describeLosses(live)}. Nothing was changed.`,
        suggestion: 'wait longer with `--drain 1h`, or stop it now with --yes',
      });
    }
    await clock.sleep(Math.min(pauseMilliseconds, milliseconds - elapsed), signal);
  }
}

function step(role: string) {
  const on = addressOf('container', role);
  return { type: 'step', id: `drain ${on}`, verb: 'await', on, role, cause: 'to be stopped' } as const;
}
