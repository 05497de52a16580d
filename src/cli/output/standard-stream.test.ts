import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTerminal, standardStream } from './standard-stream.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-stream-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Stands where Node's own stream would, and keeps what is written to it. */
function nodeStream() {
  const stream = new PassThrough();
  return { stream, open: () => stream as unknown as NodeJS.WriteStream };
}

test('writes at once, and opens nothing', async () => {
  const path = join(folder, 'file');
  const descriptor = openSync(path, 'w');
  const out = standardStream({
    descriptor,
    open: () => {
      throw new Error('opened');
    },
  });
  out.write('an answer, ä\n');
  expect(readFileSync(path, 'utf8')).toBe('an answer, ä\n');
  await out.finish();
  closeSync(descriptor);
});

test("what a slow reader does not take goes through Node's stream, and all that follows, in order", async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const { stream, open } = nodeStream();
  const out = standardStream({ descriptor, open });
  const text = 'abcdefgh'.repeat(40_000);
  out.write(text);
  out.write('the end');
  const taken = Buffer.alloc(text.length);
  const count = readSync(descriptor, taken);
  expect(count).toBeGreaterThan(0);
  expect(taken.toString('utf8', 0, count) + String(stream.read())).toBe(`${text}the end`);
  closeSync(descriptor);
});

test('a reader that has gone away is no error where that is said, and one where it is not', () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(reader);
  let gone = 0;
  const { open } = nodeStream();
  const out = standardStream({ descriptor, open, onGone: () => (gone += 1) });
  out.write('x');
  out.write('and what follows is dropped');
  expect(gone).toBe(1);
  expect(() => standardStream({ descriptor, open }).write('x')).toThrow('EPIPE');
  closeSync(descriptor);
});

test('neither a file nor /dev/null is a terminal', () => {
  for (const path of [join(folder, 'file'), '/dev/null']) {
    const descriptor = openSync(path, 'w');
    expect(isTerminal(descriptor), path).toBe(false);
    closeSync(descriptor);
  }
});
