import { engineAddress } from '../platform/docker/engine-address.ts';
import type { Stack } from '../stack/model.ts';
import { openResolver, type Resolve, type StackRequest, type Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';

/** Reads what a stack is resolved with, for the Engine in use: addresses that services tell others depend on where the Engine runs. */
export function resolverOnEngine(options: {
  context: Pick<Context, 'environment'>;
  workspace: Workspace;
  request: StackRequest;
}): Promise<Resolve> {
  const { environment } = options.context;
  return openResolver({ ...options, environment, engineAddress: () => engineAddress(environment) });
}

/** As {@link resolverOnEngine}, resolved. */
export async function loadStackOnEngine(options: Parameters<typeof resolverOnEngine>[0]): Promise<Stack> {
  return (await resolverOnEngine(options))();
}
