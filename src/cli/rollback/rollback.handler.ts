import { type RollbackRequest, rollback as rollBack } from '../../app/rollback/rollback.ts';
import { exitStatus } from '../../core/errors.ts';
import { wrapText } from '../../core/wrap.ts';
import type { Handler } from '../cli.ts';
import { rollbackAnswer } from './answer.ts';
import { printDraft } from './draft-text.ts';

/** Replaces the containers of a service with those of a release. Keeps its dependencies and all data. */
export const rollback: Handler<RollbackRequest> = async (request, cli) => {
  const rolledBack = await rollBack({
    context: cli,
    request,
    show: (draft) => cli.print(wrapText(printDraft(draft), cli.columns)),
  });
  cli.result(rollbackAnswer({ ...rolledBack, columns: cli.columns }));
  return exitStatus.done;
};
