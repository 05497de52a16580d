import { checkAgainst } from '../../../app/contract/check.ts';
import { ArcError, exitStatus } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';
import { formatTable } from '../../output/table.ts';

/** What has changed since a commit; what breaks somebody is an error. */
export const checkContracts: Handler<{ against: string }> = async ({ against }, cli) => {
  const { commit, changes, after } = await checkAgainst({ context: cli, against });
  const breaking = changes.filter(({ breaks }) => breaks);
  cli.result({
    data: { commit, changes, breaking: breaking.length },
    text: () =>
      changes.length === 0
        ? `No contract has changed since ${against}.`
        : formatTable({
            headings: ['MESSAGE', 'WHERE', 'BREAKS', 'WHAT'],
            rows: changes.map(({ message, at, breaks, text }) => [message, at, breaks ? 'yes' : 'no', text]),
            columns: cli.columns,
          }),
  });
  const [first, ...rest] = breaking.map(({ message, at, text }) => {
    const location = after.messages.find(({ name }) => name === message)?.location;
    return {
      code: 'contract-breaks',
      message: `${message}, ${at}: ${text}.`,
      suggestion: 'leave it as it was, and declare a new message with the next version beside it',
      ...(location === undefined ? {} : { location }),
    };
  });
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return exitStatus.done;
};
