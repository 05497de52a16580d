import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { askProgram } from './ask-program.ts';

const ask = (
  script: string,
  more: { command?: string; input?: string; limitMilliseconds?: number; signal?: AbortSignal } = {},
) =>
  askProgram({
    command: 'sh',
    args: ['-c', script],
    cwd: tmpdir(),
    environment: { PATH: process.env.PATH, GREETING: 'hello' },
    limitMilliseconds: 20_000,
    signal: new AbortController().signal,
    ...more,
  });

test('gives what a program says on both streams, byte for byte, and its exit status', async () => {
  const answer = await ask('printf "a\\0\\377"; printf "why\\n" >&2; exit 3');
  expect(answer).toEqual({
    status: 3,
    stdout: Buffer.from([0x61, 0, 0xff]),
    stderr: 'why',
    timedOut: false,
    missing: false,
  });
});

test('passes the environment that it is given and no other, the folder, and standard input', async () => {
  const answer = await ask('echo "$GREETING $HOME"; pwd; cat', { input: 'typed' });
  expect(answer.stdout.toString()).toBe(`hello \n${tmpdir()}\ntyped`);
});

test('a program that reads nothing of a long input is no error', async () => {
  expect(await ask('exit 0', { input: 'x'.repeat(1_000_000) })).toMatchObject({ status: 0 });
});

test('a program that is not there, and one that does not end in time', async () => {
  expect(await ask('', { command: 'no-such-program-of-arc' })).toMatchObject({
    status: undefined,
    missing: true,
  });
  expect(await ask('exec sleep 60', { limitMilliseconds: 50 })).toMatchObject({
    status: undefined,
    timedOut: true,
    missing: false,
  });
});

test('ends the program when the work is aborted', async () => {
  const controller = new AbortController();
  const asked = ask('exec sleep 60', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});
