import { type DecodedFields, decodeFields, encodeFields, type FieldValue } from './fields.ts';

// Commands of the protocol that publishing takes. Each is a BaseCommand: its type, and the command in a field of its own.

export type Schema = {
  /** `JSON` or `AVRO`, as the admin API calls it. */
  type: 'JSON' | 'AVRO';
  /** The Avro record as the registry has it, byte by byte: the broker knows it again by its hash. */
  data: string;
};

/** Of which protocol arc speaks: the oldest in which producers have schemas is 13. */
const protocolVersion = 19;

/** Numbers of schemas' types. */
const schemaTypes = { JSON: 2, AVRO: 4 } as const;

export type Outgoing = {
  payload: Uint8Array;
  key?: string;
  properties: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  time: number;
};

export function connectFrame(): Buffer {
  return frame(
    command({ type: 2, field: 2 }, [
      [1, 'arc'],
      [4, protocolVersion],
    ]),
  );
}

export function lookupFrame(options: { topic: string; request: number }): Buffer {
  return frame(
    command({ type: 23, field: 23 }, [
      [1, options.topic],
      [2, options.request],
    ]),
  );
}

/** The broker gives the producer a name, so that no other one has it. */
export function producerFrame(options: { topic: string; request: number; schema: Schema }): Buffer {
  const { topic, request, schema } = options;
  const wire = encodeFields([
    [1, topic],
    [3, Buffer.from(schema.data)],
    [4, schemaTypes[schema.type]],
  ]);
  return frame(
    command({ type: 5, field: 5 }, [
      [1, topic],
      [2, 0],
      [3, request],
      [7, wire],
    ]),
  );
}

/**
 * One message, not in a batch and not compressed. Its checksum, which is optional, is left out: TCP has one.
 *
 * @param options.schemaVersion as the broker told it, so that readers know which schema it has
 */
export function sendFrame(options: {
  message: Outgoing;
  producer: string;
  schemaVersion: Uint8Array | undefined;
}): Buffer {
  const { message, producer, schemaVersion } = options;
  const { payload, key, properties, time } = message;
  const metadata = encodeFields([
    [1, producer],
    [2, 0],
    [3, time],
    ...Object.entries(properties).map(([name, value]): readonly [number, FieldValue] => [
      4,
      encodeFields([
        [1, name],
        [2, value],
      ]),
    ]),
    ...(key === undefined ? [] : ([[6, key]] as const)),
    ...(schemaVersion === undefined ? [] : ([[16, schemaVersion]] as const)),
  ]);
  return frame(
    command({ type: 6, field: 6 }, [
      [1, 0],
      [2, 0],
    ]),
    Buffer.concat([sized(metadata), payload]),
  );
}

/** What the broker says, as far as publishing needs to know it. */
export type Answer =
  | { kind: 'connected' }
  | { kind: 'found'; isHere: boolean }
  | { kind: 'producer'; name: string; schemaVersion: Uint8Array | undefined }
  | { kind: 'kept'; ledger: bigint; entry: bigint }
  | { kind: 'refused'; reason: string }
  | { kind: 'other' };

/** @throws if the bytes are no command */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const base = decodeFields(bytes);
  const inner = (field: number): DecodedFields => decodeFields(base.bytes(field) ?? new Uint8Array());
  switch (Number(base.number(1))) {
    case 3:
      return { kind: 'connected' };
    case 24: {
      const found = inner(24);
      const response = Number(found.number(3));
      if (response === 2) return refusal({ code: found.number(6), text: found.text(7) });
      return { kind: 'found', isHere: response === 1 };
    }
    case 17: {
      const made = inner(17);
      return { kind: 'producer', name: made.text(2) ?? '', schemaVersion: made.bytes(4) };
    }
    case 7: {
      const id = decodeFields(inner(7).bytes(3) ?? new Uint8Array());
      return { kind: 'kept', ledger: id.number(1) ?? -1n, entry: id.number(2) ?? -1n };
    }
    case 8:
      return refusal({ code: inner(8).number(3), text: inner(8).text(4) });
    case 14:
      return refusal({ code: inner(14).number(2), text: inner(14).text(3) });
    case 15:
      return { kind: 'refused', reason: 'the broker closed the producer' };
    default:
      return { kind: 'other' };
  }
}

/** Numbers of errors that have no words, or words that say less. */
const errors: ReadonlyMap<number, string> = new Map([
  [7, 'the backlog of a subscription is full'],
  [8, 'the backlog of a subscription is full'],
  [11, 'there is no such topic'],
]);

function refusal({ code = 0n, text = '' }: { code: bigint | undefined; text: string | undefined }): Answer {
  const known = errors.get(Number(code));
  const [line = ''] = text.split('\n');
  const words = [known, line].filter((one) => one !== undefined && one !== '').join(': ');
  return { kind: 'refused', reason: words === '' ? `error ${code}` : words };
}

function command(
  { type, field }: { type: number; field: number },
  fields: readonly (readonly [number, FieldValue])[],
): Uint8Array {
  return encodeFields([
    [1, type],
    [field, encodeFields(fields)],
  ]);
}

function frame(encoded: Uint8Array, rest: Uint8Array = new Uint8Array()): Buffer {
  return sized(Buffer.concat([sized(encoded), rest]));
}

/** With the length before it. */
function sized(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
