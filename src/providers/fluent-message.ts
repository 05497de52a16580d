// Fluentd's forward protocol (v1, "Message Modes"), of which arc sends one message, in MessagePack: as the Engine does.

/**
 * A message: `[tag, time, record]`.
 *
 * @param options.record at most 15 fields, each name and value of less than 65,536 bytes
 */
export function fluentMessage(options: {
  tag: string;
  /** Milliseconds since 1970. */
  time: number;
  record: Readonly<Record<string, string>>;
}): Buffer {
  const { tag, time, record } = options;
  const fields = Object.entries(record);
  return Buffer.concat([
    Buffer.of(0x93),
    packText(tag),
    packTime(time),
    Buffer.of(0x80 | fields.length),
    ...fields.flatMap(([name, value]) => [packText(name), packText(value)]),
  ]);
}

/** `str 16`, whatever its length. */
function packText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.of(0xda, 0, 0);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** An extension of type 0, Fluentd's EventTime: seconds and nanoseconds. */
function packTime(milliseconds: number): Buffer {
  const time = Buffer.alloc(10);
  time.writeUInt16BE(0xd700, 0);
  time.writeUInt32BE(Math.floor(milliseconds / 1000), 2);
  time.writeUInt32BE((milliseconds % 1000) * 1_000_000, 6);
  return time;
}
