import { setTimeout as sleep } from 'node:timers/promises';

/** What is awaited cannot come any more: to be thrown by what `until` asks. */
export class Hopeless extends Error {}

/**
 * Asks again until the answer is a truthy one.
 *
 * @param options.what what is awaited, for the error
 * @throws when it does not come within the limit, with the last answer or error; at once what is `Hopeless`
 */
export async function until<T>(options: {
  what: string;
  ask: () => Promise<T> | T;
  limitMilliseconds?: number;
}): Promise<NonNullable<T>> {
  const { what, ask, limitMilliseconds = 60_000 } = options;
  const end = Date.now() + limitMilliseconds;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      if (error instanceof Hopeless) throw new Hopeless(`${what}: ${error.message}`, { cause: error });
      last = error;
    }
    await sleep(50);
  } while (Date.now() < end);
  throw new Error(`${what}: did not come within ${limitMilliseconds} ms; last: ${String(last)}`);
}
