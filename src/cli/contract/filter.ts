import type { Command } from 'commander';
import type { Filter } from '../../app/contract/read.ts';
import type { Contracts, Message } from '../../contracts/model.ts';
import { invalid } from '../../core/errors.ts';
import type { MessageSystemName } from '../../providers/messages.ts';
import { findMessage } from './find-message.ts';
import { onOption } from './on-option.ts';

/** Flags of the verbs that show messages. */
export type FilterOptions = {
  messages: readonly string[];
  where?: readonly string[];
  invalid?: boolean;
  dead?: boolean;
  on?: MessageSystemName;
};

export function addFilterOptions(command: Command): Command {
  return command
    .argument('[messages...]', 'messages or domains to show (default: all)')
    .addOption(onOption('read on this system alone'))
    .option('--where <pointer=value...>', 'show only messages with this value, such as /user_id=user-123')
    .option('--invalid', 'show only messages that break their contract')
    .option('--dead', 'show what could not be validated or delivered, instead of the messages themselves');
}

/** @throws ArcError `unknown-message`, `bad-flag` */
export function filterOf(options: { contracts: Contracts; flags: FilterOptions }): Filter {
  const { contracts, flags } = options;
  const { messages: names, where = [] } = flags;
  const chosen =
    names.length === 0 ? contracts.messages : names.flatMap((name) => messagesOf(contracts, name));
  return {
    messages: [...new Set(chosen)],
    on: flags.on,
    dead: flags.dead === true,
    invalid: flags.invalid === true,
    where: new Map(where.map(parseWhere)),
  };
}

/** Of a domain, or one that is named. */
function messagesOf(contracts: Contracts, name: string): readonly Message[] {
  const domain = contracts.messages.filter((message) => message.domain === name);
  return domain.length > 0 ? domain : [findMessage(contracts, name)];
}

function parseWhere(text: string): readonly [string, string] {
  const [, pointer, value] = /^(\/[^=]*)=(.*)$/s.exec(text) ?? [];
  if (pointer !== undefined && value !== undefined) return [pointer, value];
  throw invalid({
    code: 'bad-flag',
    message: `--where takes a JSON pointer and a value, and got "${text}".`,
    suggestion: 'for example --where /user_id=user-123',
  });
}
