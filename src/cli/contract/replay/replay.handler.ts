import { readMessages } from '../../../app/contract/read.ts';
import { exitStatus } from '../../../core/errors.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { type FilterOptions, filterOf } from '../filter.ts';

/** Milliseconds. */
type ReplayOptions = FilterOptions & { since?: number };

/** Shows what is kept, up to now. It reads by consumers and readers of its own, so nobody else's place changes. */
export const replay: Handler<ReplayOptions> = async ({ since, ...flags }, cli) => {
  const { manifests } = await loadWorkspace({ cwd: cli.cwd });
  const filter = filterOf({ contracts: manifests.contracts, flags });
  // Nothing but what it shows is of use.
  cli.endsWithReader();
  let shown = 0;
  await readMessages({
    context: cli,
    filter,
    since: since === undefined ? undefined : new Date(Date.now() - since),
    onEvent: (event) => {
      shown += 1;
      cli.emit(event);
      return cli.written();
    },
  });
  cli.result({ data: { shown }, text: () => `${shown} ${shown === 1 ? 'message' : 'messages'}.` });
  return exitStatus.done;
};
