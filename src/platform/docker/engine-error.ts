import { type ArcError, failed } from '../../core/errors.ts';
import { type EngineRequest, phrase } from './refusal.ts';
import { refusals } from './refusals.ts';

/** Turns any failure of a call to the Engine into an ArcError that names the request and the answer. */
export function engineError(cause: unknown, request: EngineRequest): ArcError {
  const { code } = cause as { code?: string };
  if (code && lostCodes.has(code)) return engineLost(request, cause);
  const answer = answerOf(cause);
  for (const { pattern, problem } of refusals) {
    const match = pattern.exec(answer);
    if (match) return failed(problem({ request, match, answer }), cause);
  }
  return failed(
    { code: 'engine-error', message: `The Engine could not ${phrase(request)}.`, detail: [answer] },
    cause,
  );
}

/** The Engine is there but does not answer. */
export function engineSlow(request: EngineRequest, milliseconds: number): ArcError {
  return failed({
    code: 'engine-slow',
    message: `The Engine did not ${phrase(request)} within ${Math.round(milliseconds / 1000)} s.`,
    suggestion: 'see what it is busy with (its log: journalctl -u docker), then run the same command again',
  });
}

/** The connection to the Engine broke. */
export function engineLost(request: EngineRequest, cause?: unknown): ArcError {
  return failed(
    {
      code: 'engine-lost',
      message: `The connection to the Engine broke: it could not ${phrase(request)}.`,
      suggestion: 'arc doctor says whether it runs',
    },
    cause,
  );
}

/** HTTP status of the Engine's answer; undefined if it gave none. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { statusCode?: number }).statusCode;
}

const lostCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The Engine's own words, without the prefix and the padding that the client library adds. */
export function answerOf(cause: unknown): string {
  const { json, message } = cause as { json?: { message?: string }; message?: string };
  return (json?.message ?? message ?? String(cause)).replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}
