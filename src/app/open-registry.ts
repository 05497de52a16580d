import type { Problem } from '../core/errors.ts';
import { openRegistryClient, type RegistryClient } from '../registry/client.ts';
import type { RegistryRetry } from '../registry/model.ts';
import type { Context } from './context.ts';

/** A client for registries with this machine's logins; what is asked again is said. The caller closes it. */
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

/** What was asked for again, as a warning: somebody who waits wants to know for what. */
function retried(retry: RegistryRetry): Problem {
  return {
    code: 'registry-retry',
    message: `arc asks ${retry.registry} again in ${(retry.delayMilliseconds / 1000).toFixed(1)} s to ${retry.what}; it answered: ${retry.reason}.`,
  };
}
