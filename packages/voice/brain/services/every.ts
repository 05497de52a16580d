/** Does something again and again until the signal. What fails is done again the next time. */
export async function everyWhile(options: {
  milliseconds: number;
  pause: (milliseconds: number, value: undefined, options: { signal: AbortSignal }) => Promise<void>;
  signal: AbortSignal;
  work: () => Promise<void>;
}): Promise<void> {
  const { milliseconds, pause, signal, work } = options;
  while (!signal.aborted) {
    await work().catch(() => undefined);
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
