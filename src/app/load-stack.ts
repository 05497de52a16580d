import { engineAddress } from '../platform/docker/engine-address.ts';
import type { Stack } from '../stack/model.ts';
import { loadStack, type StackRequest, type Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';

/** The stack as it is on the Engine that is asked: what it tells others about where it is follows the Engine. */
export function loadStackOnEngine(options: {
  context: Pick<Context, 'environment'>;
  workspace: Workspace;
  request: StackRequest;
}): Promise<Stack> {
  const { environment } = options.context;
  return loadStack({ ...options, environment, engineAddress: () => engineAddress(environment) });
}
