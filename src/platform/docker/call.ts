import { engineError, engineSlow } from './engine-error.ts';
import type { EngineRequest } from './refusal.ts';

/** How long one call to the Engine may take. Creating a network or removing a big container takes a few seconds. */
const usualLimitMilliseconds = 30_000;

/**
 * Makes one call to the Engine, with a deadline.
 *
 * @param options.run is given the signal that ends the request when the time is up
 * @throws ArcError, whatever went wrong
 */
export async function call<T>(options: {
  request: EngineRequest;
  limitMilliseconds?: number;
  run: (signal: AbortSignal) => Promise<T>;
}): Promise<T> {
  const { request, limitMilliseconds = usualLimitMilliseconds, run } = options;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limitMilliseconds);
  try {
    return await run(controller.signal);
  } catch (cause) {
    throw controller.signal.aborted ? engineSlow(request, limitMilliseconds) : engineError(cause, request);
  } finally {
    clearTimeout(timer);
  }
}
