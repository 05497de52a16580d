import type { Clock } from '../../core/clock.ts';
import type { HoldUntil } from './await-container.ts';
import type { Hold } from './drivers/work.ts';

/** When a container was last started, as far as this execution knows. */
export type LastStart =
  /** In this execution; `ready` is the moment on the clock at which it became ready. */
  | { kind: 'now'; ready: number }
  /** Before it, in the Engine's time (ISO 8601). */
  | { kind: 'before'; startedAt: string }
  | undefined;

/**
 * How long a container must keep passing its probe because something that it needs was started later: in this run, in
 * an interrupted one, or by somebody else. Pure.
 *
 * @param options.own when the container itself was started
 * @returns undefined if every such start is long enough ago
 */
export function holdUntil(options: {
  holds: readonly Hold[];
  own: string | undefined;
  startOf: (hold: Hold) => LastStart;
  clock: Pick<Clock, 'now' | 'date'>;
}): HoldUntil | undefined {
  const { holds, own, startOf, clock } = options;
  const now = clock.now();
  const held = holds.flatMap((hold) => {
    const since = sinceWhen({ start: startOf(hold), own, clock });
    const milliseconds = hold.seconds * 1000;
    const until = since === undefined ? now : since + milliseconds;
    return until <= now ? [] : [{ until, milliseconds, cause: `${hold.role} was started again` }];
  });
  return held.toSorted((a, b) => b.until - a.until)[0];
}

/** The moment from which the container could have noticed; undefined if it was started later itself. */
function sinceWhen(options: {
  start: LastStart;
  own: string | undefined;
  clock: Pick<Clock, 'now' | 'date'>;
}): number | undefined {
  const { start, own, clock } = options;
  if (start === undefined) return undefined;
  if (start.kind === 'now') return start.ready;
  if (own !== undefined && Date.parse(own) >= Date.parse(start.startedAt)) return undefined;
  return clock.now() - Math.max(0, clock.date() - Date.parse(start.startedAt));
}
