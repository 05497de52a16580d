import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf';

// Pulsar's protocol is protobuf (pulsar-common/src/main/proto/PulsarApi.proto). arc sends five of its messages and reads
// seven, so it writes their fields by number.

/** Whole numbers, texts and nested messages. */
export type FieldValue = number | bigint | string | Uint8Array;

/** The bytes of a message, from the numbers and values of its fields. */
export function encodeFields(fields: readonly (readonly [number, FieldValue])[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value);
    else if (value instanceof Uint8Array) writer.tag(number, WireType.LengthDelimited).bytes(value);
    else writer.tag(number, WireType.Varint).int64(BigInt(value));
  }
  return writer.finish();
}

/** What a message has of whole numbers, and of texts and nested messages as bytes; of a repeated field the last. */
export type DecodedFields = {
  number: (field: number) => bigint | undefined;
  bytes: (field: number) => Uint8Array | undefined;
  text: (field: number) => string | undefined;
};

/** @throws if the bytes are no message */
export function decodeFields(bytes: Uint8Array): DecodedFields {
  const reader = new BinaryReader(bytes);
  const numbers = new Map<number, bigint>();
  const chunks = new Map<number, Uint8Array>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.Varint) numbers.set(field, BigInt(reader.int64()));
    else if (type === WireType.LengthDelimited) chunks.set(field, reader.bytes());
    else reader.skip(type);
  }
  return {
    number: (field) => numbers.get(field),
    bytes: (field) => chunks.get(field),
    text: (field) => {
      const found = chunks.get(field);
      return found === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(found);
    },
  };
}
