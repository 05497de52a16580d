import { readMessages } from '../../../app/contract/read.ts';
import { exitStatus } from '../../../core/errors.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { type FilterOptions, filterOf } from '../filter.ts';

/** Shows messages as they arrive, until it is interrupted or nobody reads them any more. */
export const tail: Handler<FilterOptions> = async (flags, cli) => {
  const { manifests } = await loadWorkspace({ cwd: cli.cwd });
  const filter = filterOf({ contracts: manifests.contracts, flags });
  cli.endsWithReader();
  await readMessages({ context: cli, filter, since: 'now', onEvent: async (event) => cli.emit(event) });
  return exitStatus.done;
};
