import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from '../../core/errors.ts';
import { isSame } from './policy.ts';

const limitMilliseconds = 10_000;
const pauseMilliseconds = 50;

/**
 * Waits until the server shows what was just set. Policies of topics go through a topic of the broker's own: what is set
 * next is based on what it has read so far, so two that follow each other quickly lose one (apache/pulsar#24393).
 *
 * @param options.what of the error: `retention of the topic arc/events/conversation`
 * @throws ArcError `policy-not-taken`
 */
export async function readBack<Value>(options: {
  what: string;
  role: string;
  wanted: Value | undefined;
  read: () => Promise<Value | undefined>;
  signal: AbortSignal;
}): Promise<void> {
  const { what, role, wanted, read, signal } = options;
  const until = performance.now() + limitMilliseconds;
  while (!isSame(await read(), wanted)) {
    if (performance.now() > until) {
      throw failed({
        code: 'policy-not-taken',
        message: `${role} took the ${what}, and 10 s later it shows another one.`,
        suggestion: `somebody else may be changing it; arc logs ${role}`,
      });
    }
    await sleep(pauseMilliseconds, undefined, { signal });
  }
}
