/** The mark of the configuration that a program has loaded, or should have loaded. */
export type Loaded =
  /** `newest`: when the newest of the files was written, in milliseconds since 1970. */
  { kind: 'time'; newest: number } | { kind: 'digest'; digest: string };

/**
 * Whether a mark proves that a program has loaded the current files.
 *
 * @param options.mark the first group of the proof's pattern in what the program answered; undefined if it is not
 *   there
 * @param options.canAsk whether the program can be asked to load them once more. A mark in whole seconds does not tell
 *   whether it lies before or after a file of the same second: where it can, that is no proof; where it only watches
 *   its files, it has to do
 */
export function isLoaded(options: { mark: string | undefined; wanted: Loaded; canAsk: boolean }): boolean {
  const { mark, wanted, canAsk } = options;
  if (mark === undefined) return false;
  switch (wanted.kind) {
    case 'time': {
      const loaded = momentOf(mark);
      if (loaded === undefined) return false;
      const second = Math.floor(wanted.newest / 1000) * 1000;
      return loaded >= (!canAsk && loaded % 1000 === 0 ? second : wanted.newest);
    }
    case 'digest':
      return mark.toLowerCase() === wanted.digest;
    default:
      return wanted satisfies never;
  }
}

/** Milliseconds since 1970 of a moment in ISO 8601, or in seconds since 1970, as Prometheus writes them (`1.7e+09`). */
export function momentOf(text: string): number | undefined {
  const moment = /^[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isFinite(moment) ? moment : undefined;
}
