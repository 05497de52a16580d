/** What S3 calls a mistake of whoever asks, and the network's or the moment's may be: it is worth another attempt. */
const passing = new Set([
  'BadDigest',
  'IncompleteBody',
  'OperationAborted',
  'RequestTimeout',
  // What was put a moment ago is not seen by everybody yet; a bucket that is missing has another name.
  'NotFound',
]);
const passingStatuses = new Set([408, 409, 425, 429]);

/** Whether the storage has said something that does not change by itself: a wrong key, no such bucket. */
export function isRefused(cause: unknown): boolean {
  if (!(cause instanceof Error) || passing.has(cause.name)) return false;
  const status = statusOf(cause);
  return status !== undefined && status >= 400 && status < 500 && !passingStatuses.has(status);
}

/** AWS's errors have a name where others have words, and a status where there was an answer. */
export function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { name, message } = cause;
  const hasWords = message !== '' && message !== 'UnknownError';
  const status = statusOf(cause);
  if (status === undefined) return hasWords ? message : name;
  return `StatusCode: ${status}, api error ${hasWords ? `${name}: ${message}` : name}`;
}

function statusOf(cause: Error): number | undefined {
  const { $metadata: metadata } = cause as { $metadata?: { httpStatusCode?: number } };
  return metadata?.httpStatusCode;
}
