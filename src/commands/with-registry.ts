import { openRegistryClient, type RegistryClient } from '../registry/client.ts';
import type { Cli } from './cli.ts';

/** Runs `use` with a client for registries, and lets go of it afterwards; what is tried again is said. */
export async function withRegistry<Result>(options: {
  cli: Cli;
  use: (client: RegistryClient) => Promise<Result>;
}): Promise<Result> {
  const { cli } = options;
  const client = openRegistryClient({
    environment: cli.environment,
    signal: cli.signal,
    onRetry: ({ registry, what, reason, attempt }) =>
      cli.emit({
        type: 'task',
        id: `registry:${what}`,
        subject: registry,
        action: what,
        state: 'running',
        detail: `${reason}; attempt ${attempt + 1}`,
      }),
  });
  try {
    return await options.use(client);
  } finally {
    await client.close();
  }
}
