import { compatibilityOf } from '../../../contracts/compare.ts';
import type { FieldSchema, ObjectSchema } from '../../../contracts/field-schema.ts';
import type { Contracts, Message, Party } from '../../../contracts/model.ts';

type Row = readonly [label: string, value: string];

/** A message in words: where it is, who uses it, its fields, an example. */
export function describeMessage(options: { contracts: Contracts; message: Message }): string {
  const { message } = options;
  const sections = [
    section(`${message.name}: ${message.description}`, placeRows(options)),
    section('fields', fieldRows(message.schema, '')),
    ...message.examples.slice(0, 1).map((example) => `example\n${indent(JSON.stringify(example, null, 2))}`),
  ];
  return sections.join('\n\n');
}

function placeRows({ contracts, message }: { contracts: Contracts; message: Message }): Row[] {
  const { nats, pulsar, personal, bridge } = message;
  const rows: Row[] = [
    ['type', `${message.type}, version ${message.version}, ${message.event} in ce-type`],
    ['changes', `${compatibilityOf(contracts, message)} compatible`],
    ...message.publishers.map((party): Row => ['from', named(party)]),
  ];
  if (nats !== undefined) {
    rows.push(['subject', nats.subject]);
    if (nats.stream !== undefined) rows.push(['kept by', `the stream ${nats.stream}`]);
    if (nats.reply !== undefined) rows.push(['answered by', nats.reply]);
    rows.push(['dead letters', nats.dead]);
    for (const subscriber of message.subscribers)
      rows.push([
        'to',
        `${named(subscriber)}${subscriber.queue === undefined ? '' : `, queue group ${subscriber.queue}`}`,
      ]);
  }
  if (pulsar !== undefined) {
    rows.push(['topic', `${pulsar.url}, ${partitionText(pulsar.partitions)}`]);
    if (pulsar.key !== undefined) rows.push(['key', pulsar.key]);
    if (bridge !== undefined) rows.push(['bridged', `from the stream ${nats?.stream ?? ''}`]);
    for (const subscription of pulsar.subscriptions) {
      const { name, type, dead_letter } = subscription;
      const dead =
        dead_letter === undefined ? '' : `, after ${dead_letter.after} redeliveries to ${dead_letter.topic}`;
      rows.push(['to', `${named(subscription)}, subscription ${name} (${type})${dead}`]);
    }
  }
  for (const field of personal?.fields ?? []) rows.push(['encrypted', `${field}, for ${personal?.user}`]);
  return rows;
}

function partitionText(partitions: number): string {
  if (partitions === 0) return 'not partitioned';
  return partitions === 1 ? '1 partition' : `${partitions} partitions`;
}

function named({ role, external }: Party): string {
  return external ? `${role} (external)` : role;
}

function fieldRows(schema: ObjectSchema, prefix: string): Row[] {
  const own = Object.entries(schema.properties).flatMap(([name, field]): Row[] => {
    const optional = schema.required.includes(name) ? '' : ', optional';
    return [
      [`${prefix}/${name}`, `${fieldText(field)}${optional}`],
      ...innerRows(field, `${prefix}/${name}`),
    ];
  });
  const { additionalProperties } = schema;
  if (additionalProperties === true) own.push([`${prefix}/*`, 'anything']);
  if (typeof additionalProperties === 'object') own.push([`${prefix}/*`, fieldText(additionalProperties)]);
  return own;
}

function innerRows(field: FieldSchema, pointer: string): Row[] {
  if (field.type === 'object') return fieldRows(field, pointer);
  return field.type === 'array' ? innerRows(field.items, `${pointer}/*`) : [];
}

function fieldText(field: FieldSchema): string {
  switch (field.type) {
    case 'object':
      return 'object';
    case 'array':
      return `list of ${fieldText(field.items)}`;
    case 'string':
      return field.const ?? field.enum?.join(' | ') ?? field.format ?? 'text';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'boolean':
      return 'true or false';
    default:
      return field satisfies never;
  }
}

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
