import type { Message, Party } from '../../../contracts/model.ts';
import { exitStatus, invalid } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { formatTable } from '../../output/table.ts';

/** Every message of the workspace, or those of a role. */
export const listContracts: Handler<{ role?: string }> = async ({ role }, cli) => {
  const { contracts } = (await loadWorkspace({ cwd: cli.cwd })).manifests;
  const named = new Set(contracts.messages.flatMap(partiesOf).map((party) => party.role));
  if (role !== undefined && !named.has(role)) throw unknownRole(role, named);
  const messages = contracts.messages
    .filter((message) => role === undefined || partiesOf(message).some((party) => party.role === role))
    .map((message) => ({
      name: message.name,
      domain: message.domain,
      version: message.version,
      subject: message.nats?.subject ?? null,
      topic: message.pulsar?.url ?? null,
      publishers: message.publishers.map((party) => party.role),
      subscribers: message.subscribers.map((party) => party.role),
      subscriptions: (message.pulsar?.subscriptions ?? []).map(({ name }) => name),
      description: message.description,
    }));
  cli.result({
    data: { messages },
    text: () =>
      messages.length === 0
        ? 'This workspace has no contracts.'
        : formatTable({
            headings: ['MESSAGE', 'NATS', 'PULSAR', 'FROM', 'TO'],
            spare: ['PULSAR'],
            rows: messages.map((one) => [
              one.name,
              one.subject ?? '',
              one.topic?.replace('persistent://', '') ?? '',
              one.publishers.join(', '),
              [...one.subscribers, ...one.subscriptions].join(', '),
            ]),
            columns: cli.columns,
          }),
  });
  return exitStatus.done;
};

function partiesOf({ publishers, subscribers, pulsar }: Message): readonly Party[] {
  return [...publishers, ...subscribers, ...(pulsar?.subscriptions ?? [])];
}

function unknownRole(role: string, named: ReadonlySet<string>) {
  const meant = nearest(role, named);
  return invalid({
    code: 'unknown-name',
    message: `No contract names the role ${role}.`,
    suggestion:
      meant === undefined ? '`arc contract list` shows who uses what' : `did you mean \`${meant}\`?`,
  });
}
