import type { IncomingMessage } from 'node:http';

/** A header that a request has once; undefined where it has none, or several. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
