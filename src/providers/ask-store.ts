import { boundedText } from '../core/bounded-text.ts';
import { origin, type SocketAddress } from '../core/socket-address.ts';

/** More than `arc logs` ever shows at a time. */
const longestAnswer = 256 * 1024 * 1024;

/**
 * Sends the fields of a question to a store's search, which answers in text.
 *
 * @param options.path of the search: `/select/logsql/query`
 * @throws Error with the status and the first words of any answer but 200, and of one that is too long
 */
export async function askStore(options: {
  address: SocketAddress;
  path: string;
  fields: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<string> {
  const { address, path, fields, signal } = options;
  const response = await fetch(origin(address) + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { connection: 'close' },
    signal,
  });
  const answer = await boundedText({ response, longest: longestAnswer });
  if (response.status === 200) return answer;
  throw new Error(`${response.status} ${answer.trim().slice(0, 200)}`.trim());
}
