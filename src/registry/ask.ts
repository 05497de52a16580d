import { explainFailure } from '../host/network-failure.ts';
import { apiHost } from './address.ts';

/** Whether a registry answers; `clock` holds its time and this machine's at that moment, in ms since 1970. */
export type RegistryAnswer =
  | { registry: string; answers: true; clock?: { there: number; here: number } }
  | { registry: string; answers: false; reason: string };

/**
 * Asks a registry for its API's root. Any HTTP answer counts: most registries require a login first. Uses the proxy in
 * HTTPS_PROXY. The Engine has its own network settings, so the answer is only a hint.
 *
 * @param options.registry host name, with the port where it is not 443: `ghcr.io`, `localhost:5000`
 * @param options.scheme `http` for the Engine's insecure registries
 */
export async function askRegistry(options: {
  registry: string;
  deadlineMilliseconds: number;
  scheme?: 'https' | 'http';
}): Promise<RegistryAnswer> {
  const { registry, scheme = 'https' } = options;
  const { EnvHttpProxyAgent, request } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const { headers, body } = await request(`${scheme}://${apiHost(registry)}/v2/`, {
      method: 'HEAD',
      dispatcher,
      signal: AbortSignal.timeout(options.deadlineMilliseconds),
    });
    await body.dump();
    const there = Date.parse(String(headers.date));
    return {
      registry,
      answers: true,
      ...(Number.isNaN(there) ? {} : { clock: { there, here: Date.now() } }),
    };
  } catch (error) {
    return { registry, answers: false, reason: explainFailure(error) };
  } finally {
    await dispatcher.destroy();
  }
}
