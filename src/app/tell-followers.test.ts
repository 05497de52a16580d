import { expect, test } from 'vitest';
import { failed } from '../core/errors.ts';
import type { ArcEvent } from '../core/event.ts';
import { warnInstead } from './tell-followers.ts';

/** @returns what was shown while work ended with `cause` */
async function shown(cause: unknown, signal = new AbortController().signal): Promise<ArcEvent[]> {
  const events: ArcEvent[] = [];
  const context = { emit: (event: ArcEvent) => void events.push(event), signal };
  await warnInstead({ context, work: () => Promise.reject(cause) });
  return events;
}

test('what cannot be told is a warning', async () => {
  const problem = { code: 'not-reloaded', message: 'It has not.' };
  expect(await shown(failed(problem))).toEqual([{ type: 'warning', problem }]);
});

test('what nobody foresaw is a warning, too, because what had to go is gone', async () => {
  expect(await shown(new Error('ENOSPC: no space left on device'))).toMatchObject([
    { type: 'warning', problem: { code: 'not-told', detail: ['ENOSPC: no space left on device'] } },
  ]);
});

test('an interruption stays one', async () => {
  const interrupted = failed({ code: 'interrupted', message: 'Interrupted.' });
  await expect(shown(interrupted, AbortSignal.abort(interrupted))).rejects.toBe(interrupted);
});
