/** One field of a protobuf message. `start` to `end` hold the whole field, `from` to `end` its value. */
export type WireField = { number: number; wire: number; start: number; from: number; end: number };

/**
 * The fields of a protobuf message, in order, without looking into their values.
 * Source of the format: protobuf.dev/programming-guides/encoding.
 *
 * @param options.from, options.to the message's bytes in `bytes`
 * @throws RangeError where the bytes are not a message
 */
export function* wireFields(options: { bytes: Uint8Array; from: number; to: number }): Generator<WireField> {
  const { bytes, to } = options;
  let at = options.from;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || at >= to) throw new RangeError(`a number of the model ends at byte ${at}`);
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < to) {
    const start = at;
    const key = varint();
    const wire = key % 8;
    let from = at;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      from = at;
      at += length;
    } else throw new RangeError(`byte ${start} of the model has the unknown wire type ${wire}`);
    if (at > to) throw new RangeError(`a field of the model at byte ${start} is longer than the model`);
    yield { number: Math.floor(key / 8), wire, start, from, end: at };
  }
}

/** A field of bytes, as protobuf writes it. */
export function bytesField(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varintOf(number * 8 + 2), varintOf(value.length), value]);
}

function varintOf(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}
