import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A reverse proxy on loopback in front of a registry, on which a test decides what becomes of a request. */
export type FaultProxy = {
  /** `127.0.0.1:41234`; what the registry says of itself leads here, too. */
  address: string;
  /** What was asked, in order of arrival. */
  requests: readonly ProxiedRequest[];
  /** How many requests match; of the kind that `inject` takes. */
  count: (match: RegExp) => number;
  /**
   * Has a fault befall requests that match. The first fault that matches is taken; without one a request goes through.
   *
   * @param match against method and path: `/^PUT .*\/manifests\/v1$/`
   * @param options.skip how many matching requests go through before it; 0 if left out
   * @param options.times how many it befalls; 1 if left out
   */
  inject: (match: RegExp, fault: Fault, options?: { skip?: number; times?: number }) => void;
  /** Faults that have not befallen anything are forgotten. */
  heal: () => void;
  close: () => Promise<void>;
};

export type Fault =
  /** The connection breaks when half of the body is through: of the request on its way up, or of the answer. */
  | { kind: 'cut'; body: 'request' | 'answer' }
  /** The registry does as it is asked, and its answer is lost. */
  | { kind: 'lose-answer' }
  /** The registry is not asked. */
  | { kind: 'answer'; status: number; headers?: Readonly<Record<string, string>>; text?: string }
  /** The registry is asked later. */
  | { kind: 'delay'; milliseconds: number }
  /** Nothing is answered before the promise is fulfilled; `arrived` is called when the request is here. */
  | { kind: 'hold'; until: Promise<void>; arrived?: () => void };

/** `status` is missing where nothing was answered. */
export type ProxiedRequest = {
  method: string;
  path: string;
  headers: Readonly<http.IncomingHttpHeaders>;
  status?: number;
};

type Rule = { match: RegExp; fault: Fault; skip: number; times: number };

/** @param options.upstream the registry's address: `127.0.0.1:5000` */
export async function startFaultProxy(options: { upstream: string }): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  let rules: Rule[] = [];

  const next = (line: string): Fault | undefined => {
    for (const rule of rules) {
      if (rule.times === 0 || !rule.match.test(line)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.times -= 1;
      return rule.fault;
    }
    return undefined;
  };

  const server = http.createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    const recorded: ProxiedRequest = { method, path, headers };
    requests.push(recorded);
    response.on('finish', () => {
      recorded.status = response.statusCode;
    });
    // A client that goes away is no fault of the proxy.
    request.on('error', () => {});
    response.on('error', () => {});
    void befall({
      fault: next(`${method} ${path}`),
      request,
      response,
      upstream: options.upstream,
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    count: (match) => requests.filter(({ method, path }) => match.test(`${method} ${path}`)).length,
    inject: (match, fault, { skip = 0, times = 1 } = {}) => void rules.push({ match, fault, skip, times }),
    heal: () => {
      rules = [];
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Exchange = { request: http.IncomingMessage; response: http.ServerResponse; upstream: string };

async function befall(options: Exchange & { fault: Fault | undefined }): Promise<void> {
  const { fault, request, response } = options;
  switch (fault?.kind) {
    case undefined:
      return forward(options, {});
    case 'cut':
      return forward(options, { cut: fault.body });
    case 'lose-answer':
      return forward(options, { cut: 'head' });
    case 'delay':
      await sleep(fault.milliseconds, undefined, { ref: false });
      return forward(options, {});
    case 'hold':
      fault.arrived?.();
      await fault.until;
      return forward(options, {});
    case 'answer':
      // What is sent is read first, as servers do: a client that is still writing would see a broken connection.
      request.resume();
      request.on('end', () => response.writeHead(fault.status, fault.headers).end(fault.text ?? ''));
      return;
    default:
      return fault satisfies never;
  }
}

function forward(exchange: Exchange, { cut }: { cut?: 'request' | 'answer' | 'head' }): void {
  const { request, response, upstream } = exchange;
  const [hostname, port] = upstream.split(':');
  const { method, url: path, headers } = request;
  // With the Host header as it came, the registry's own links lead through the proxy.
  const onward = http.request({ hostname, port, method, path, headers, agent: false });
  const breakOff = (): void => {
    onward.destroy();
    request.socket.destroy();
  };
  onward.on('error', () => request.socket.destroy());
  response.on('close', () => onward.destroy());
  onward.on('response', (answer) => {
    // All of it is in the registry before the client learns that something went wrong.
    if (cut === 'head') return void answer.resume().on('end', breakOff);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (cut === 'answer') halfOf(answer, (bytes) => response.write(bytes, breakOff), breakOff);
    else answer.on('error', breakOff).pipe(response);
  });
  if (cut === 'request') halfOf(request, (bytes) => onward.write(bytes, breakOff), breakOff);
  else request.pipe(onward);
}

/** Passes on half of a message's body: of a small one as well, which comes in one piece. */
function halfOf(
  message: http.IncomingMessage,
  passHalf: (bytes: Buffer) => void,
  nothingThere: () => void,
): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('error', () => {});
  message.on('end', () => {
    const bytes = Buffer.concat(chunks);
    if (bytes.length === 0) nothingThere();
    else passHalf(bytes.subarray(0, Math.floor(bytes.length / 2)));
  });
}
