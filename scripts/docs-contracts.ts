// The table of messages in docs/contracts.md, from contracts/*.yaml.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../src/contracts/model.ts';
import { parseContracts } from '../src/manifest/contracts/parse.ts';

const folder = join(import.meta.dirname, '..', 'contracts');

/** A Markdown table: each message, where it is, and who uses it. */
export function describeContracts(): string {
  const files = new Map(
    readdirSync(folder).map(
      (name) => [`contracts/${name}`, readFileSync(join(folder, name), 'utf8')] as const,
    ),
  );
  const { contracts, problems } = parseContracts({ files, roles: new Set() });
  if (problems.length > 0) throw new Error(`the contracts are not valid: ${problems[0]?.message}`);
  return [
    '| message | subject | topic | from | to | when |',
    '| --- | --- | --- | --- | --- | --- |',
    ...contracts.messages.map(row),
  ].join('\n');
}

function row({ name, nats, pulsar, publishers, subscribers, description }: Message): string {
  const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
  const readers = [
    ...subscribers.map(({ role }) => role),
    ...(pulsar?.subscriptions ?? []).map((subscription) => subscription.name),
  ];
  const cells = [
    code(name),
    code(nats?.subject),
    code(pulsar?.url.replace('persistent://', '')),
    publishers.map(({ role }) => role).join(', '),
    [...new Set(readers)].join(', '),
    description,
  ];
  return `| ${cells.join(' | ')} |`;
}
