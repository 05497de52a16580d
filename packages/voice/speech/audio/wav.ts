/**
 * The head of a WAV file of 16-bit samples on one channel. Source: the RIFF specification, and what players accept for
 * a stream whose length nobody knows yet.
 *
 * @param rate samples a second
 */
export function wavHead(rate: number): Buffer {
  const head = Buffer.alloc(44);
  const unknown = 0xffff_ffff;
  head.write('RIFF', 0);
  head.writeUInt32LE(unknown, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(unknown, 40);
  return head;
}
