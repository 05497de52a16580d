import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { disguised, undisguised } from './disguise.ts';
import { addressesOf, UnreachableError } from './reach.ts';
import { relay } from './relay.ts';

/** Until a host has taken a connection, and until it answers. Milliseconds. */
export const gateLimits = { connect: 5_000, answer: 15_000, connections: 32 };

/** The host that leads to the URL. */
const door = 'url.pull.invalid';

/** The only way out of the process that pulls a URL: an HTTP proxy on the worker's own machine. */
export type Gate = {
  /** For the variable `http_proxy`. */
  proxy: string;
  /** To be pulled in place of the URL, and leads to it: so the URL, which may hold a password, is in nobody's list of processes. */
  entrance: string;
  /** Why the last thing that was asked for could not be had; nothing where it could. */
  reason: () => string | undefined;
  close: () => void;
};

/**
 * Lets through what may be reached: the URL, where it leads to, and the parts that a playlist names. Each host is looked up here
 * and connected to by the address that was found, so that no name means one thing when it is looked at and another when it is used.
 */
export async function openGate(options: { url: string; limits?: typeof gateLimits }): Promise<Gate> {
  const { url, limits = gateLimits } = options;
  let reason: string | undefined;

  const fetch = async (target: URL, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {
      'proxy-connection': _,
      'proxy-authorization': __,
      'accept-encoding': ___,
      ...rest
    } = incoming.headers;
    const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = request(target, {
      method: incoming.method,
      headers: { ...rest, host: target.host },
      agent: false,
      lookup: always(await addressesOf(target.hostname)),
      timeout: limits.answer,
    });
    const fail = (words: string): void => {
      // Its reader has gone elsewhere.
      if (response.destroyed) return;
      reason = words;
      refuse(response);
    };
    const deadline = setTimeout(
      () => outgoing.destroy(new Error(`no connection after ${limits.connect / 1000} s`)),
      limits.connect,
    );
    outgoing.on('socket', (socket) => {
      socket.on(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(deadline));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer after ${limits.answer / 1000} s`)));
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.on('error', (cause) => fail(`${target.hostname} cannot be reached: ${wordsOf(cause)}`));
    outgoing.on('response', (answer) => {
      // From here on it may be read slowly, in the stream's own time; who reads knows when it waits.
      outgoing.setTimeout(0);
      const { statusCode = 502 } = answer;
      reason = statusCode >= 400 ? `${target.hostname} answers with ${statusCode}` : undefined;
      const failed = (cause: Error): void =>
        fail(`${target.hostname} has not sent everything: ${wordsOf(cause)}`);
      relay({ answer, response, base: target, failed });
    });
    response.on('close', () => outgoing.destroy());
    outgoing.end();
  };

  const server = createServer((incoming, response) => {
    if (!(URL.canParse(incoming.url ?? '') && (incoming.method === 'GET' || incoming.method === 'HEAD'))) {
      response.writeHead(405, { connection: 'close' }).end();
      return;
    }
    const asked = new URL(incoming.url ?? '');
    if (asked.hostname === door) {
      response.writeHead(302, { location: disguised(url), connection: 'close' }).end();
      return;
    }
    const target = undisguised(asked);
    fetch(target, incoming, response).catch((cause) => {
      reason = cause instanceof UnreachableError ? cause.message : wordsOf(cause);
      refuse(response);
    });
  });
  server.on('clientError', (_, client) => client.destroy());
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    proxy: `http://127.0.0.1:${port}`,
    entrance: `http://${door}/${nameIn(url)}`,
    reason: () => reason,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Answers with these addresses, whatever the name would be by now. */
const always =
  (addresses: readonly { address: string; family: number }[]): LookupFunction =>
  (_, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };

function refuse(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502, { connection: 'close' }).end();
}

/** The last part of the path, for its ending says to some readers what is in it. */
function nameIn(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  return /^[\w.-]{1,100}$/.test(name) ? name : '';
}

/** Several addresses of one name fail with several errors, of which the first is as good as any. */
function wordsOf(cause: unknown): string {
  const one = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(one instanceof Error)) return String(one);
  const code = 'code' in one ? one.code : undefined;
  // What Node.js advises behind a semicolon is for who runs it.
  return code === 'ECONNREFUSED' ? 'the connection was refused' : one.message.replace(/;.*/s, '');
}
