import type { Message } from '@bufbuild/protobuf';
import type { Bus, Unsubscribe } from './bus.ts';
import { channels } from './channels.ts';
import { asRpcError, RpcError } from './error.ts';
import { randomId } from './ids.ts';
import type { Method } from './methods.ts';
import { type Nanoseconds, now as systemTime } from './time.ts';
import { Claim, ClaimAnswer, packed, Request, Response, unpacked } from './wire.ts';

export type Handler<I, O> = (options: {
  request: I;
  /** Aborts when the client waits no longer. */
  signal: AbortSignal;
}) => Promise<O>;

export type Registration<I extends Message<I>, O extends Message<O>> = {
  method: Method<I, O>;
  topic?: string;
  handle: Handler<I, O>;
  /**
   * How well this server suits, from 0 to 1, where 1 wins at once; below 0 it does not offer itself. Default: 1.
   * Upstream's workers answer 1 when idle, so a server that shall come after them answers less.
   */
  affinity?: (request: I) => number;
};

/** The serving side of psrpc: what a worker offers to livekit-server. */
export type RpcServer = {
  /** Resolves when requests reach it; what comes back ends it, and waits for requests that are being handled. */
  register<I extends Message<I>, O extends Message<O>>(
    registration: Registration<I, O>,
  ): Promise<Unsubscribe>;
  close(): Promise<void>;
};

/**
 * @param options.id of this server, new for each process
 * @param options.report told of what nobody waits for: an answer that could not be published
 */
export function rpcServer(options: {
  bus: Bus;
  report: (cause: unknown) => void;
  id?: string;
  now?: () => Nanoseconds;
}): RpcServer {
  const { bus, report, id = randomId('SRV'), now = systemTime } = options;
  const registered = new Set<Unsubscribe>();

  const register: RpcServer['register'] = async ({ method, topic = '', handle, affinity = () => 1 }) => {
    const address = { service: method.service, method: method.method, topic };
    const awaitingAnswer = new Map<string, (serverId: string) => void>();
    const handling = new Set<Promise<void>>();

    const respond = (request: Request, outcome: { rawResponse: Uint8Array } | RpcError): Promise<void> => {
      const answer =
        outcome instanceof RpcError
          ? { code: outcome.code, error: outcome.message || outcome.code }
          : { rawResponse: outcome.rawResponse };
      const response = new Response({ requestId: request.requestId, serverId: id, sentAt: now(), ...answer });
      return bus.publish(channels.response(method.service, request.clientId), packed(response));
    };

    /** Offers itself, and waits for the client's choice as long as the client waits for an answer. */
    const isChosen = async (request: Request, suits: number, signal: AbortSignal): Promise<boolean> => {
      const choice = new Promise<string | undefined>((resolve) => {
        awaitingAnswer.set(request.requestId, resolve);
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      try {
        const claim = new Claim({ requestId: request.requestId, serverId: id, affinity: suits });
        await bus.publish(channels.claim(method.service, request.clientId), packed(claim));
        return (await choice) === id;
      } finally {
        awaitingAnswer.delete(request.requestId);
      }
    };

    const serve = async (request: Request, published: Uint8Array): Promise<void> => {
      const left = Number((request.expiry - now()) / 1_000_000n);
      if (left <= 0) return;
      if (method.queue && !(await bus.takeOnce(published))) return;
      const signal = AbortSignal.timeout(Math.min(left, maximumTimeout));
      let input: Parameters<typeof handle>[0]['request'];
      try {
        input = method.input.fromBinary(request.rawRequest);
      } catch (cause) {
        return respond(request, new RpcError('malformed_request', `${method.method}: ${String(cause)}`));
      }
      if (method.claim) {
        const suits = affinity(input);
        if (suits < 0 || !(await isChosen(request, suits, signal))) return;
      }
      const outcome = await handle({ request: input, signal }).then(
        (output) => ({ rawResponse: output.toBinary() }),
        asRpcError,
      );
      await respond(request, outcome);
    };

    const stopAnswers = method.claim
      ? await bus.subscribe(channels.claimAnswer(address), (published) => {
          const answer = unpacked(ClaimAnswer, published);
          if (answer) awaitingAnswer.get(answer.requestId)?.(answer.serverId);
        })
      : async () => {};
    const stopRequests = await bus.subscribe(channels.request(address), (published) => {
      const request = unpacked(Request, published);
      if (!request) return;
      const served: Promise<void> = serve(request, published)
        .catch(report)
        .finally(() => handling.delete(served));
      handling.add(served);
    });

    const unregister: Unsubscribe = async () => {
      if (!registered.delete(unregister)) return;
      await stopRequests();
      await Promise.all(handling);
      await stopAnswers();
    };
    registered.add(unregister);
    return unregister;
  };

  return {
    register,
    close: async () => {
      await Promise.all([...registered].map((unregister) => unregister()));
    },
  };
}

/** What a timer of Node holds, in milliseconds: a client that waits longer is given up after 24 days. */
const maximumTimeout = 2 ** 31 - 1;
