import { failed } from '../../core/errors.ts';
import type { LogStore } from '../../providers/log-store.ts';
import type { BootableStack } from '../../stack/model.ts';
import { serversOf } from '../providers.ts';

/** What keeps the logs of a stack, and the port that it is asked at. */
export type FoundStore = { role: string; name: string; port: string; store: LogStore };

/**
 * The container that keeps logs, of those that run.
 *
 * @param options.runs roles of the containers that run
 * @throws ArcError `no-log-store` where there is none
 */
export function storeInStack(options: { stack: BootableStack; runs: ReadonlySet<string> }): FoundStore {
  const { stack, runs } = options;
  for (const { provider, server } of serversOf(stack)) {
    const [{ at }] = server.probes;
    if (provider.logs !== undefined && runs.has(server.role))
      return { role: server.role, name: server.name, port: at.port, store: provider.logs };
  }
  throw failed({
    code: 'no-log-store',
    message: 'Nothing that keeps logs runs, so there is nothing to search.',
    suggestion: 'run `arc up telemetry logs`; `arc logs` without --query and --level reads from the Engine',
  });
}
