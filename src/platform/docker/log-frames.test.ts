import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogLine, logLines } from './log-frames.ts';

/** One piece of output as the Engine sends it. */
function frame(stream: 1 | 2, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function read(chunks: readonly Buffer[]): readonly LogLine[] {
  const lines: LogLine[] = [];
  const reader = logLines((line) => lines.push(line));
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
}

describe('the output of a container', () => {
  test('is taken apart into lines of both streams, in order', () => {
    expect(read([frame(1, 'one\ntwo\n'), frame(2, 'bad\r\n'), frame(1, 'three')])).toEqual([
      { stream: 'stdout', line: 'one' },
      { stream: 'stdout', line: 'two' },
      { stream: 'stderr', line: 'bad' },
      { stream: 'stdout', line: 'three' },
    ]);
  });

  test('joins a line that came in pieces, also while the other stream talks', () => {
    expect(read([frame(1, 'hel'), frame(2, 'x\n'), frame(1, 'lo\n')])).toEqual([
      { stream: 'stderr', line: 'x' },
      { stream: 'stdout', line: 'hello' },
    ]);
  });

  test('is the same however the connection cuts it', () => {
    const whole = Buffer.concat([frame(1, 'größe\nzwei\n'), frame(2, 'é\n'), frame(1, Buffer.from('ende'))]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length })), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
        expect(read(chunks)).toEqual(read([whole]));
      }),
    );
  });

  test('may be empty', () => {
    expect(read([])).toEqual([]);
    expect(read([frame(1, '')])).toEqual([]);
  });
});
