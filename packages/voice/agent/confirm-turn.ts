/** What a turn changes, such as a recording that starts, may take this long. */
const patience = 10_000;

/**
 * Tells the brain that a turn is certain. It was asked for answers before that, and does what they announce only now. A
 * server of somebody else's that knows no turns answers 404, which is fine.
 *
 * @throws Error where what was announced could not be done
 */
export async function confirmTurn(options: {
  url: string;
  session: string;
  text: string;
  /** From the end of what was said to its text. */
  hearingMs: number | undefined;
}): Promise<void> {
  const { url, session, text, hearingMs } = options;
  const answer = await fetch(`${url}/v1/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session, text, ...(hearingMs === undefined ? {} : { hearing_ms: hearingMs }) }),
    signal: AbortSignal.timeout(patience),
  });
  await answer.body?.cancel();
  if (!answer.ok && answer.status !== 404) throw new Error(`the brain answered ${answer.status} to a turn`);
}
