/**
 * Lets requests that wait be sent, and answers that came be read, before a long computation. In the first turn of the
 * event loop a connection is made or an answer read, in the second the next request is written.
 */
export async function letOthersRun(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
