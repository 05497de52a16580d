import { setTimeout as pause } from 'node:timers/promises';

/** How long a session's figures are worth waiting for a brain that is away; the framework ends the process later. */
const attempts = 5;
const betweenMs = 1_000;
const patience = 2_000;

/**
 * Gives the brain the figures of a session that has ended, which it keeps and publishes.
 *
 * @throws Error where the brain is away all the time, or refuses them
 */
export async function reportSession(options: { url: string; body: object }): Promise<void> {
  const { url, body } = options;
  let failure: unknown;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) await pause(betweenMs);
    try {
      const answer = await fetch(`${url}/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patience),
      });
      await answer.body?.cancel();
      // A brain of somebody else's keeps no sessions.
      if (answer.ok || answer.status === 404) return;
      failure = new Error(`the brain answered ${answer.status} to a session`);
      if (answer.status < 500) break;
    } catch (cause) {
      failure = cause;
    }
  }
  throw failure;
}
