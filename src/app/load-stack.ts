import { engineAddress } from '../platform/docker/engine-address.ts';
import type { Stack } from '../stack/model.ts';
import { loadStack, type StackRequest, type Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';

/** Resolves the stack for the Engine in use: addresses that services tell others depend on where the Engine runs. */
export function loadStackOnEngine(options: {
  context: Pick<Context, 'environment'>;
  workspace: Workspace;
  request: StackRequest;
}): Promise<Stack> {
  const { environment } = options.context;
  return loadStack({ ...options, environment, engineAddress: () => engineAddress(environment) });
}
