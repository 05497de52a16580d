import type { Message } from '@bufbuild/protobuf';
import type { Bus } from './bus.ts';
import { channels } from './channels.ts';
import { RpcError } from './error.ts';
import { randomId } from './ids.ts';
import type { Method } from './methods.ts';
import { nanoseconds, now } from './time.ts';
import { Claim, ClaimAnswer, packed, Request, Response, unpacked } from './wire.ts';

/** The calling side of psrpc, of one service: what a worker asks of livekit-server. */
export type RpcClient = {
  /** @throws RpcError the server's, `unavailable` where no server offers itself, `deadline_exceeded` where it does not answer */
  call<I extends Message<I>, O extends Message<O>>(options: {
    method: Method<I, O>;
    request: I;
    topic?: string;
    signal: AbortSignal;
  }): Promise<O>;
  close(): Promise<void>;
};

/** psrpc's defaults (`client.go`), in milliseconds: until an answer, and until some server offers itself. */
const defaultLimits = { answer: 3_000, claim: 1_000 };

/** What one call hears of. */
type Waiting = { claim: (serverId: string) => void; response: (response: Response) => void };

/** @param options.limits milliseconds; see above */
export async function rpcClient(options: {
  bus: Bus;
  service: string;
  limits?: { answer: number; claim: number };
}): Promise<RpcClient> {
  const { bus, service, limits = defaultLimits } = options;
  const clientId = randomId('CLI');
  const waiting = new Map<string, Waiting>();
  const stopClaims = await bus.subscribe(channels.claim(service, clientId), (published) => {
    const claim = unpacked(Claim, published);
    if (claim) waiting.get(claim.requestId)?.claim(claim.serverId);
  });
  const stopResponses = await bus.subscribe(channels.response(service, clientId), (published) => {
    const response = unpacked(Response, published);
    if (response) waiting.get(response.requestId)?.response(response);
  });

  const call: RpcClient['call'] = async ({ method, request, topic = '', signal }) => {
    signal.throwIfAborted();
    const address = { service, method: method.method, topic };
    const requestId = randomId('REQ');
    const claimed = Promise.withResolvers<string>();
    const responded = Promise.withResolvers<Response>();
    waiting.set(requestId, { claim: claimed.resolve, response: responded.resolve });
    const limited = deadlines({ limits, signal });
    try {
      const sentAt = now();
      const envelope = new Request({
        requestId,
        clientId,
        sentAt,
        expiry: sentAt + nanoseconds(limits.answer),
        rawRequest: request.toBinary(),
      });
      await Promise.race([limited.over, publish(channels.request(address), packed(envelope))]);
      if (method.claim) {
        // A server answers without an offer where it cannot read the request.
        const first = await Promise.race([limited.over, limited.noClaim, claimed.promise, responded.promise]);
        if (typeof first === 'string') {
          const answer = new ClaimAnswer({ requestId, serverId: first });
          await Promise.race([limited.over, publish(channels.claimAnswer(address), packed(answer))]);
        }
      }
      return outputOf(method, await Promise.race([limited.over, responded.promise]));
    } finally {
      limited.clear();
      waiting.delete(requestId);
    }
  };

  const publish = async (channel: string, published: Uint8Array): Promise<void> => {
    try {
      await bus.publish(channel, published);
    } catch (cause) {
      throw new RpcError('unavailable', `Redis did not take the request: ${String(cause)}`, { cause });
    }
  };

  return {
    call,
    close: async () => {
      await Promise.all([stopClaims(), stopResponses()]);
    },
  };
}

function outputOf<I extends Message<I>, O extends Message<O>>(method: Method<I, O>, response: Response): O {
  if (response.error) throw new RpcError(response.code || 'unknown', response.error);
  try {
    return method.output.fromBinary(response.rawResponse);
  } catch (cause) {
    throw new RpcError('malformed_result', `${method.method}: ${String(cause)}`, { cause });
  }
}

/** Promises that only ever reject, with psrpc's own words. */
function deadlines(options: { limits: { answer: number; claim: number }; signal: AbortSignal }): {
  over: Promise<never>;
  noClaim: Promise<never>;
  clear: () => void;
} {
  const { limits, signal } = options;
  const over = Promise.withResolvers<never>();
  const noClaim = Promise.withResolvers<never>();
  // Whichever loses a race is nobody's to handle.
  over.promise.catch(() => {});
  noClaim.promise.catch(() => {});
  const abort = (): void => over.reject(new RpcError('canceled', 'request canceled'));
  signal.addEventListener('abort', abort, { once: true });
  const timers = [
    setTimeout(() => over.reject(new RpcError('deadline_exceeded', 'request timed out')), limits.answer),
    setTimeout(() => noClaim.reject(new RpcError('unavailable', 'no response from servers')), limits.claim),
  ];
  return {
    over: over.promise,
    noClaim: noClaim.promise,
    clear: () => {
      timers.forEach(clearTimeout);
      signal.removeEventListener('abort', abort);
    },
  };
}
