import type { Dispatcher } from 'undici';
import { parseRetryAfter, TransientFailure } from '../core/retry.ts';
import { explainFailure } from '../host/network-failure.ts';
import { isLoopback } from './address.ts';
import { UnreachableRegistry, UnusableAnswer } from './problems.ts';
import { registryWords } from './words.ts';

export type Question = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Limit for the body of an answer; errors have a separate limit. */
  limitBytes: number;
  /** Registries send readers of blobs to their storage. Logins are not taken along to another host. */
  followRedirects?: boolean;
  signal: AbortSignal;
};

/** A complete answer; repeated headers are joined. */
export type Answer = {
  /** Address of the request; links in an answer are relative to it. */
  url: URL;
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
};

export type Exchanger = {
  /**
   * Asks once.
   *
   * @throws TransientFailure where another attempt may go well, UnreachableRegistry, UnusableAnswer, the signal's reason
   */
  ask: (question: Question) => Promise<Answer>;
  /** Loads the HTTP client early for callers that will need it. */
  prepare: () => void;
  close: () => Promise<void>;
};

/**
 * HTTP's status codes for temporary failures. 500 is one of them, because registries answer it when their storage is
 * briefly unavailable.
 */
const transientStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Failures of connections that worked a moment ago. An unknown name or a closed port is permanent. */
const transientCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const connectMilliseconds = 10_000;
/** A registry checks all that a manifest names before it answers: seconds with a slow storage. */
const silenceMilliseconds = 60_000;
/** The slowest way up that is waited for: 50 kB/s, in bytes a millisecond. */
const slowestUpload = 50;
const mostRedirects = 5;
/** Errors are a few lines; behind a load balancer, a web page. */
const errorLimitBytes = 64 * 1024;

/** The transport to all registries, proxies of the environment included. Nothing is loaded before the first question. */
export function openExchanger(environment: Readonly<Record<string, string | undefined>>): Exchanger {
  let opened: Promise<Transport> | undefined;
  const open = (): Promise<Transport> => {
    opened ??= openTransport(environment);
    return opened;
  };
  return {
    ask: async (question) => ask(await open(), question),
    // A failure to load is reported by the first request.
    prepare: () => void open().catch(() => {}),
    close: async () => {
      await (await opened)?.close();
    },
  };
}

type Transport = {
  request: typeof import('undici').request;
  dispatcherFor: (question: Question) => Dispatcher;
  close: () => Promise<void>;
};

async function openTransport(environment: Readonly<Record<string, string | undefined>>): Promise<Transport> {
  // Loaded here, because it is slow to load (scripts/measure/loading.ts) and most commands ask no registry.
  const { Agent, EnvHttpProxyAgent, interceptors, request } = await import('undici');
  const limits = {
    connect: { timeout: connectMilliseconds },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
  };
  const near = new Agent(limits);
  const far = new EnvHttpProxyAgent({ ...limits, ...proxies(environment) });
  const redirect = interceptors.redirect({ maxRedirections: mostRedirects });
  const following = { near: near.compose(redirect), far: far.compose(redirect) };
  return {
    request,
    // A proxy cannot reach what listens on this machine's loopback.
    dispatcherFor: ({ url, followRedirects }) => {
      const side = isLoopback(url.host) ? 'near' : 'far';
      return followRedirects ? following[side] : { near, far }[side];
    },
    close: async () => {
      await Promise.all([near.destroy(), far.destroy()]);
    },
  };
}

function proxies(environment: Readonly<Record<string, string | undefined>>) {
  return {
    httpProxy: environment.http_proxy || environment.HTTP_PROXY || '',
    httpsProxy: environment.https_proxy || environment.HTTPS_PROXY || '',
    noProxy: environment.no_proxy || environment.NO_PROXY || '',
  };
}

async function ask(transport: Transport, question: Question): Promise<Answer> {
  const { method, url, headers = {}, body, signal } = question;
  signal.throwIfAborted();
  // Wherever a registry sends us: what is pushed, and the login, do not go over a network in the open.
  if (url.protocol !== 'https:' && !isLoopback(url.host)) {
    throw new UnusableAnswer(`the registry leads to ${url.origin}, where nothing is encrypted`);
  }
  let answer: Answer;
  try {
    const response = await transport.request(url, {
      method,
      headers: { 'user-agent': 'arc', ...headers },
      body: body ?? null,
      dispatcher: transport.dispatcherFor(question),
      headersTimeout: silenceMilliseconds + Math.ceil((body?.length ?? 0) / slowestUpload),
      signal,
    });
    answer = {
      url,
      status: response.statusCode,
      headers: joined(response.headers),
      body: await readWhole(response, question),
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw asFailure(cause);
  }
  if (transientStatuses.has(answer.status)) {
    const words = registryWords(answer);
    throw new TransientFailure({
      reason: `the registry answered ${words[0]}`,
      retryAfter: parseRetryAfter(answer.headers['retry-after'], Date.now()),
      words,
    });
  }
  return answer;
}

async function readWhole(response: Dispatcher.ResponseData, question: Question): Promise<Buffer> {
  const isError = response.statusCode >= 300;
  const limitBytes = isError ? errorLimitBytes : question.limitBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= limitBytes) continue;
    // Leaving the loop closes the connection. The beginning of an error page is enough.
    if (isError) break;
    throw new UnusableAnswer(`the registry gave more than ${limitBytes} bytes`);
  }
  return Buffer.concat(chunks);
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  );
}

function asFailure(cause: unknown): Error {
  if (cause instanceof UnusableAnswer) return cause;
  const { code = '' } = cause as { code?: string };
  const reason = explainFailure(cause);
  return transientCodes.has(code)
    ? new TransientFailure({ reason, cause })
    : new UnreachableRegistry(reason, cause);
}
