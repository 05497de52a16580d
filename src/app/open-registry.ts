import type { Problem } from '../core/errors.ts';
import { openRegistryClient, type RegistryClient } from '../registry/client.ts';
import type { RegistryRetry } from '../registry/model.ts';
import type { Context } from './context.ts';

/** Opens a client for registries with this machine's logins. Repeated requests are reported. The caller closes it. */
export function openRegistry(context: Context): RegistryClient {
  return openRegistryClient({
    environment: context.environment,
    signal: context.signal,
    onRetry: (retry) => context.emit({ type: 'warning', problem: retried(retry) }),
  });
}

/** Runs `use` with such a client, and closes it afterwards. */
export async function withRegistry<Result>(options: {
  context: Context;
  use: (client: RegistryClient) => Promise<Result>;
}): Promise<Result> {
  const client = openRegistry(options.context);
  try {
    return await options.use(client);
  } finally {
    await client.close();
  }
}

/** A warning that arc repeats a request, so that a waiting person knows why. */
function retried(retry: RegistryRetry): Problem {
  return {
    code: 'registry-retry',
    message: `arc asks ${retry.registry} again in ${(retry.delayMilliseconds / 1000).toFixed(1)} s to ${retry.what}; it answered: ${retry.reason}.`,
  };
}
