import { boundedText } from '../core/bounded-text.ts';
import { origin, type SocketAddress } from '../core/socket-address.ts';

/** Its answers are short. */
const longest = 1024 * 1024;

/** What the brain of a stack answers, other than 200: its `error.code` and `error.message`. */
export class BrainRefusal extends Error {
  readonly code: string;

  constructor(options: { code: string; message: string }) {
    super(options.message);
    this.code = options.code;
  }
}

/**
 * Asks the brain of a stack (packages/voice/brain).
 *
 * @param options.token of LiveKit, for what not everybody may do
 * @throws BrainRefusal where it says no; what the connection throws
 */
export async function askBrain(options: {
  address: SocketAddress;
  path: string;
  body: object;
  token?: string;
  signal: AbortSignal;
}): Promise<Readonly<Record<string, unknown>>> {
  const { address, path, body, token, signal } = options;
  const response = await fetch(origin(address) + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal,
  });
  const answer = objectIn(await boundedText({ response, longest }));
  if (response.status === 200) return answer;
  const error = typeof answer.error === 'object' && answer.error !== null ? answer.error : {};
  const { code, message } = error as { code?: unknown; message?: unknown };
  throw new BrainRefusal({
    code: textOr(code, String(response.status)),
    message: textOr(message, `the brain answered ${response.status}`),
  });
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('the brain did not answer with an object');
  return value as Readonly<Record<string, unknown>>;
}
