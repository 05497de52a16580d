import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { EngineImages, EngineNetwork } from '../platform/docker/engine-images.ts';
import { apiHost, isLoopback } from '../registry/address.ts';
import { defaultRegistry } from '../registry/reference.ts';

/** Whether a registry answers; `reason` is fit for people: `getaddrinfo ENOTFOUND quay.io`. */
export type Reach = { reachable: true } | { reachable: false; reason: string };

/** Asks a registry once a run. */
export type RegistryCheck = (registry: string) => Promise<Reach>;

/** A registry that does not answer this fast is not worth waiting for. */
const deadlineMilliseconds = 3000;

/**
 * Finds out quickly whether registries can be reached; the Engine takes a minute to notice that one cannot. Any answer
 * of a registry counts. If the Engine uses a proxy or a mirror, or runs on another machine, arc cannot tell from here
 * and assumes that the registry is reachable.
 */
export function registryCheck(options: {
  engineImages: Pick<EngineImages, 'network'>;
  signal: AbortSignal;
}): RegistryCheck {
  const { engineImages, signal } = options;
  const asked = new Map<string, Promise<Reach>>();
  let engine: Promise<EngineNetwork> | undefined;
  return (registry) => {
    engine ??= engineImages.network();
    const answer = asked.get(registry) ?? engine.then((network) => ask({ registry, network, signal }));
    asked.set(registry, answer);
    return answer;
  };
}

async function ask(options: {
  registry: string;
  network: EngineNetwork;
  signal: AbortSignal;
}): Promise<Reach> {
  const { registry, network, signal } = options;
  if (network.remote || network.proxy || (registry === defaultRegistry && network.mirrored)) {
    return { reachable: true };
  }
  const host = apiHost(registry);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMilliseconds)]);
  const secure = await head(`https://${host}/v2/`, deadline);
  signal.throwIfAborted();
  // Like the Engine, arc tries plain HTTP on this machine, and where the Engine is configured for it.
  const plain = isLoopback(host) || network.insecure.includes(host);
  if (secure.reachable || !plain) return secure;
  return await head(`http://${host}/v2/`, deadline);
}

function head(url: string, signal: AbortSignal): Promise<Reach> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const asking = request(url, { method: 'HEAD', agent: false, signal }, (answer) => {
      answer.resume();
      resolve({ reachable: true });
    });
    asking.on('error', (cause) => {
      const late = signal.aborted;
      resolve({
        reachable: false,
        reason: late ? `no answer within ${deadlineMilliseconds / 1000} s` : reasonOf(cause),
      });
    });
    asking.end();
  });
}

/** Several addresses that all refused make one error with an empty message. */
function reasonOf(cause: Error): string {
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return errors.map((error) => (error instanceof Error ? error.message : String(error))).join(', ');
}
