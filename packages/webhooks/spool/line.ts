import { crc32 } from 'node:zlib';
import { type Received, receivedOf } from '../events/received.ts';

/** A record in a segment: where its line begins, and how long it is without the line's end. Bytes. */
export type Extent = { offset: number; length: number };

const lineEnd = 0x0a;
/** Eight hexadecimal digits and a space. */
const prefixLength = 9;

/** One record as a line: the checksum of its JSON, and the JSON. */
export function encodeLine(received: Received): Buffer {
  const json = Buffer.from(JSON.stringify(received));
  return Buffer.concat([Buffer.from(`${checksum(json)} `), json, Buffer.of(lineEnd)]);
}

/**
 * @param line without its end
 * @returns nothing where the line is not what was written
 */
export function decodeLine(line: Buffer): Received | undefined {
  const json = line.subarray(prefixLength);
  if (line.toString('latin1', 0, prefixLength) !== `${checksum(json)} `) return undefined;
  return receivedOf(JSON.parse(json.toString('utf8')));
}

/**
 * The records of a segment that a process may have left in the middle of a write.
 *
 * @returns `damaged`: lines within the segment that are not what was written. An incomplete last line is not one: the
 *   answer was never given.
 */
export function decodeSegment(content: Buffer): {
  records: readonly { received: Received; extent: Extent }[];
  damaged: number;
} {
  const records: { received: Received; extent: Extent }[] = [];
  let damaged = 0;
  let offset = 0;
  while (offset < content.length) {
    const end = content.indexOf(lineEnd, offset);
    if (end === -1) break;
    const received = decodeLine(content.subarray(offset, end));
    if (received === undefined) damaged += 1;
    else records.push({ received, extent: { offset, length: end - offset } });
    offset = end + 1;
  }
  return { records, damaged };
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
