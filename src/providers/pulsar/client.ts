import { boundedText } from '../../core/bounded-text.ts';
import type { Fields } from '../../core/data.ts';
import { origin, type SocketAddress } from '../../core/socket-address.ts';

/** The way into a broker: its admin API, where nobody has to sign in. */
export type PulsarServer = {
  /** Role of the server's container, for messages. */
  role: string;
  origin: string;
};

/** Time limit for one call: the broker never answers some questions about topics that do not exist. */
export const callMilliseconds = 15_000;

/** The largest answer that is read, in bytes: the topics of a namespace, of which each name takes some 60. */
const longestAnswer = 32 * 1024 * 1024;

/** Nothing is connected before the first call. */
export function openPulsar(options: { role: string; fields: Fields; address: SocketAddress }): PulsarServer {
  return { role: options.role, origin: origin(options.address) };
}

/** An answer that is not what was asked for. */
export class PulsarRefusal extends Error {
  readonly status: number;
  constructor(options: { status: number; reason: string }) {
    super(`${options.status} ${options.reason}`.trim());
    this.status = options.status;
  }
}

export type Call = {
  server: PulsarServer;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `/admin/v2/`. */
  path: string;
  body?: unknown;
  type?: string;
  signal: AbortSignal;
};

/**
 * Calls the admin API.
 *
 * @returns the answer's JSON; undefined where it has no body
 * @throws PulsarRefusal unless the status is one of success
 */
export async function call({ server, method, path, body, type, signal }: Call): Promise<unknown> {
  const answer = await fetch(`${server.origin}/admin/v2/${path}`, {
    method,
    headers: { accept: 'application/json', 'content-type': type ?? 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(callMilliseconds)]),
  });
  const text = await boundedText({ response: answer, longest: longestAnswer });
  if (!answer.ok) throw new PulsarRefusal({ status: answer.status, reason: reasonIn(text) });
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** The same; undefined where the broker says that there is no such thing. */
export async function callUnlessMissing(options: Call): Promise<unknown> {
  try {
    return await call(options);
  } catch (cause) {
    if (cause instanceof PulsarRefusal && cause.status === 404) return undefined;
    throw cause;
  }
}

/** What Pulsar gives as reason: JSON, a page of Jetty's, or nothing. */
function reasonIn(text: string): string {
  const title = /<title>(?:Error \d+ )?([\s\S]*?)<\/title>/.exec(text)?.[1];
  if (title !== undefined) return title.replaceAll('&quot;', '"').replace(/\s+/g, ' ').trim();
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason.replace(/\s+/g, ' ').trim() : text;
  } catch {
    return text.trim();
  }
}
