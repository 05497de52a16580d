import { exitStatus } from '../../../core/errors.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { findMessage } from '../find-message.ts';
import { readValidBody } from '../read-body.ts';

/** Checks all contracts, which reading them does; or a body, as a publisher would. */
export const validateContracts: Handler<{ message?: string; file?: string }> = async (options, cli) => {
  const { manifests, warnings } = await loadWorkspace({ cwd: cli.cwd });
  const { contracts } = manifests;
  if (options.message === undefined) {
    const own = warnings.filter(({ code }) => code.startsWith('contract-'));
    for (const problem of own) cli.emit({ type: 'warning', problem });
    const count = contracts.messages.length;
    cli.result({
      data: { valid: true, messages: count, warnings: own },
      text: () => `${count} ${count === 1 ? 'message is' : 'messages are'} valid.`,
    });
    return exitStatus.done;
  }
  const message = findMessage(contracts, options.message);
  await readValidBody({ message, file: options.file, cli });
  cli.result({
    data: { valid: true, message: message.name },
    text: () => `This is a valid ${message.name}.`,
  });
  return exitStatus.done;
};
