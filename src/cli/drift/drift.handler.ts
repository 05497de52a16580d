import { drift } from '../../app/drift.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { driftText } from './drift-text.ts';

/** Compares what exists with what arc last applied. `arc plan` compares with the manifests instead. */
export const showDrift: Handler<SelectionOptions> = async (options, cli) => {
  const found = await drift({ context: cli, request: options });
  cli.result({ data: found, text: () => driftText({ found, columns: cli.columns }) });
  return found.drift.length > 0 ? exitStatus.drift : exitStatus.done;
};
