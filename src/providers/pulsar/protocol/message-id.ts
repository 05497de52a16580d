import { decodeFields, encodeFields } from './fields.ts';

/** Where a message is in a topic without partitions, or in one partition. */
export type Position = { ledger: bigint; entry: bigint };

/** `batch`: several messages may be one entry. */
export type MessageId = Position & { batch?: { index: number; size: number } };

/** The id as the WebSocket API has it: Base64 of the protocol's MessageIdData. */
export function encodeMessageId({ ledger, entry }: Position): string {
  const bytes = encodeFields([
    [1, ledger],
    [2, entry],
  ]);
  return Buffer.from(bytes).toString('base64');
}

/** @throws if the text is no id */
export function decodeMessageId(text: string): MessageId {
  const fields = decodeFields(Buffer.from(text, 'base64'));
  const [ledger, entry] = [fields.number(1), fields.number(2)];
  if (ledger === undefined || entry === undefined) throw new Error(`${text} is no id of a message`);
  const [index, size] = [fields.number(4) ?? -1n, fields.number(6) ?? 0n];
  return index < 0n
    ? { ledger, entry }
    : { ledger, entry, batch: { index: Number(index), size: Number(size) } };
}

/** Whether a message is the last one up to a position, or lies behind it. */
export function isAtEnd(id: MessageId, last: Position): boolean {
  if (id.ledger !== last.ledger) return id.ledger > last.ledger;
  if (id.entry !== last.entry) return id.entry > last.entry;
  return id.batch === undefined || id.batch.index >= id.batch.size - 1;
}

export function isAfter(one: Position, other: Position): boolean {
  return one.ledger === other.ledger ? one.entry > other.entry : one.ledger > other.ledger;
}
