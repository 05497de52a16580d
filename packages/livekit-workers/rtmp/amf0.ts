import { RtmpError } from './error.ts';

/** A value of Action Message Format 0, the notation of RTMP's commands and metadata. Objects have no prototype. */
export type Amf0 = number | boolean | string | null | undefined | readonly Amf0[] | Amf0Object;
export type Amf0Object = { readonly [key: string]: Amf0 };

/** More than any encoder sends, and far from what would hurt. */
const limits = { depth: 8, values: 512 };

const marker = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
} as const;

/**
 * All values, one after another.
 *
 * @throws RtmpError when the bytes end too early, nest too deeply, or hold a type that AMF0 has for Flash alone
 */
export function decodeAmf0(bytes: Buffer): Amf0[] {
  let at = 0;
  let count = 0;

  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RtmpError('a command ends in the middle of a value');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const text = (length: number): string => take(length).toString('utf8');
  const shortText = (): string => text(take(2).readUInt16BE());

  const properties = (depth: number): Amf0Object => {
    const found: Record<string, Amf0> = Object.create(null);
    for (;;) {
      const key = shortText();
      if (key === '' && bytes[at] === marker.objectEnd) {
        at += 1;
        return found;
      }
      found[key] = value(depth + 1);
    }
  };

  const value = (depth: number): Amf0 => {
    count += 1;
    if (depth > limits.depth) throw new RtmpError(`a command nests more than ${limits.depth} deep`);
    if (count > limits.values) throw new RtmpError(`a command has more than ${limits.values} values`);
    const type = take(1).readUInt8();
    switch (type) {
      case marker.number:
        return take(8).readDoubleBE();
      case marker.boolean:
        return take(1).readUInt8() !== 0;
      case marker.string:
        return shortText();
      case marker.object:
        return properties(depth);
      case marker.null:
        return null;
      case marker.undefined:
        return undefined;
      case marker.ecmaArray:
        // A number of entries that is only a hint; the end is marked as an object's is.
        take(4);
        return properties(depth);
      case marker.strictArray: {
        const length = take(4).readUInt32BE();
        if (length > limits.values) throw new RtmpError(`a command has more than ${limits.values} values`);
        return Array.from({ length }, () => value(depth + 1));
      }
      case marker.date: {
        const milliseconds = take(8).readDoubleBE();
        take(2);
        return milliseconds;
      }
      case marker.longString:
        return text(take(4).readUInt32BE());
      default:
        throw new RtmpError(`a command has a value of the unknown type ${type}`);
    }
  };

  const values: Amf0[] = [];
  while (at < bytes.length) values.push(value(0));
  return values;
}

/** The bytes of values, one after another. */
export const encodeAmf0 = (...values: readonly Amf0[]): Buffer => Buffer.concat(values.map(encoded));

function encoded(value: Amf0): Buffer {
  switch (typeof value) {
    case 'number': {
      const bytes = Buffer.alloc(9);
      bytes.writeDoubleBE(value, 1);
      return bytes;
    }
    case 'boolean':
      return Buffer.of(marker.boolean, value ? 1 : 0);
    case 'string': {
      const bytes = Buffer.from(value, 'utf8');
      if (bytes.length <= 0xffff)
        return Buffer.concat([Buffer.of(marker.string), length16(bytes.length), bytes]);
      return Buffer.concat([Buffer.of(marker.longString), length32(bytes.length), bytes]);
    }
    case 'undefined':
      return Buffer.of(marker.undefined);
    case 'object':
      if (value === null) return Buffer.of(marker.null);
      if (isList(value))
        return Buffer.concat([Buffer.of(marker.strictArray), length32(value.length), ...value.map(encoded)]);
      return Buffer.concat([
        Buffer.of(marker.object),
        ...Object.entries(value).flatMap(([key, entry]) => [
          length16(Buffer.byteLength(key)),
          Buffer.from(key),
          encoded(entry),
        ]),
        Buffer.of(0, 0, marker.objectEnd),
      ]);
  }
}

const isList = (value: object): value is readonly Amf0[] => Array.isArray(value);

function length16(length: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(length);
  return bytes;
}

function length32(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
