import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import { type ProcessCall, run } from './process.ts';

/** A call of the shell. */
const sh = (script: string, options: Partial<ProcessCall> = {}) =>
  run({
    command: 'sh',
    args: ['-c', script],
    cwd: tmpdir(),
    environment: { PATH: process.env.PATH, GREETING: 'hello' },
    signal: new AbortController().signal,
    ...options,
  });

/** The same, with its lines. */
async function linesOf(script: string, options: Partial<ProcessCall> = {}) {
  const lines: string[] = [];
  const ended = await sh(script, { ...options, onLine: (line) => lines.push(line) });
  return { ended, lines };
}

describe('how a program ended', () => {
  it('is its exit status, or the signal that somebody sent', async () => {
    expect(await sh('exit 3')).toMatchObject({ kind: 'exited', status: 3 });
    expect(await sh('exit 0')).toMatchObject({ kind: 'exited', status: 0 });
    expect(await sh('kill -TERM $$')).toMatchObject({ kind: 'killed', by: 'SIGTERM' });
  });

  it('tells a missing program from one that the system refuses and from a missing folder', async () => {
    expect(await sh('', { command: 'arc-no-such-program' })).toMatchObject({ kind: 'missing', tail: [] });
    expect(await sh('', { command: tmpdir() })).toMatchObject({
      kind: 'not-started',
      reason: expect.stringContaining('EACCES'),
    });
    expect(await sh('', { cwd: '/arc-no-such-folder' })).toMatchObject({
      kind: 'not-started',
      reason: 'the folder /arc-no-such-folder does not exist',
    });
  });

  it('is "timed-out" where it takes longer than it may, though its child keeps the output open', async () => {
    const alone = await sh('sleep 60 & echo $!; exec sleep 60', { limitMilliseconds: 50 });
    expect(alone).toMatchObject({ kind: 'timed-out', milliseconds: 50 });
    process.kill(Number(alone.stdout));
    const stop = { group: true, graceMilliseconds: 50 };
    // The output ends with the child, which ignores an interrupt as all do that a shell starts in the background.
    const group = await sh('sleep 60 & exec sleep 60', { limitMilliseconds: 50, stop });
    expect(group).toMatchObject({ kind: 'timed-out', milliseconds: 50 });
  });

  it('is "silent" where it writes nothing for longer than it may; its children end with it', async () => {
    const end = await sh('echo begun; sleep 60 | sleep 60', { idleMilliseconds: 50, stop: { group: true } });
    expect(end).toMatchObject({ kind: 'silent', milliseconds: 50, tail: [] });
  });
});

describe('what a program writes', () => {
  it('is its answer, byte for byte, and its words', async () => {
    const ended = await sh('printf "a\\0\\377"; printf "why\\n" >&2; exit 3');
    expect(ended).toMatchObject({
      kind: 'exited',
      status: 3,
      stdout: Buffer.from([0x61, 0, 0xff]),
      stderr: 'why',
      tail: ['why'],
    });
  });

  it('goes line by line to whoever takes lines, from both streams', async () => {
    const { ended, lines } = await linesOf('cat; echo other >&2', { input: 'one\ntwo\n' });
    expect(ended).toMatchObject({ kind: 'exited', status: 0, stderr: '' });
    expect(ended.stdout).toHaveLength(0);
    expect(lines.toSorted()).toEqual(['one', 'other', 'two']);
  });

  it('is kept as its last lines that say something', async () => {
    const { ended } = await linesOf('seq 1 20; echo; echo "  "; exit 7');
    expect(ended.tail).toEqual(['9', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20']);
    const { ended: chosen } = await linesOf('seq 1 20', { tells: (line) => line.endsWith('0') });
    expect(chosen.tail).toEqual(['10', '20']);
  });

  it('is shown without the secrets of its environment and those that are named; its answer is not touched', async () => {
    const environment = { PATH: process.env.PATH, GITHUB_TOKEN: 'ghs_0123456789' };
    const secrets = [new Secret('correct horse')];
    const script = 'for to in 1 2; do echo "$GITHUB_TOKEN, correct horse" >&$to; done';
    const asked = await sh(script, { environment, secrets });
    expect(asked.stderr).toBe('[redacted], [redacted]');
    expect(asked.tail).toEqual(['[redacted], [redacted]']);
    expect(asked.stdout.toString()).toBe('ghs_0123456789, correct horse\n');
    const { ended, lines } = await linesOf(script, { environment, secrets });
    expect(lines).toEqual(['[redacted], [redacted]', '[redacted], [redacted]']);
    expect(ended.tail).toEqual(lines);
  });

  it('is read to its end where whoever takes the lines throws, which is the error then', async () => {
    const refuse = (): void => {
      throw new Error('not understood');
    };
    await expect(sh('seq 1 100000', { onLine: refuse })).rejects.toThrow('not understood');
  });
});

describe('what a program is given', () => {
  it('is its folder, its standard input, and its environment, which is all of it', async () => {
    const { stdout } = await sh('echo "$GREETING $HOME"; pwd; cat', { input: 'typed' });
    expect(stdout.toString()).toBe(`hello \n${tmpdir()}\ntyped`);
  });

  it('need not be read', async () => {
    expect(await sh('exit 4', { input: 'x'.repeat(1_000_000) })).toMatchObject({ kind: 'exited', status: 4 });
  });

  it('may come later, and the program is not silent before', async () => {
    const input = new Promise<string>((resolve) => setTimeout(() => resolve('late\n'), 150));
    const { ended, lines } = await linesOf('cat', { input, idleMilliseconds: 100 });
    expect(ended).toMatchObject({ kind: 'exited', status: 0 });
    expect(lines).toEqual(['late']);
  });

  it('may never come; the program is ended then, though it hears no signal', async () => {
    const deaf = 'trap "" INT; cat';
    const withheld = sh(deaf, { input: Promise.reject(new Error('nothing to do')) });
    await expect(withheld).rejects.toThrow('nothing to do');
    const controller = new AbortController();
    const waiting = sh(deaf, { input: new Promise(() => {}), signal: controller.signal });
    controller.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });
});

describe('a program whose work is aborted', () => {
  it('is ended', async () => {
    const controller = new AbortController();
    const asked = sh('exec sleep 60', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it('is ended with what it started, where it has a group of its own', async () => {
    const controller = new AbortController();
    const done = sh('echo begun; sleep 60 | sleep 60', {
      stop: { group: true },
      signal: controller.signal,
      onLine: () => controller.abort(new Error('interrupted')),
    });
    await expect(done).rejects.toThrow('interrupted');
  });

  it('may clear up first, and is killed where it takes longer than its grace', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const script = 'trap "echo cleared; exit" INT; echo begun; while :; do sleep 0.05; done';
    const tidy = sh(script, {
      signal: controller.signal,
      onLine: (line) => {
        lines.push(line);
        controller.abort(new Error('interrupted'));
      },
    });
    await expect(tidy).rejects.toThrow('interrupted');
    expect(lines).toEqual(['begun', 'cleared']);
    const deaf = await sh('trap "" INT; echo begun; while :; do sleep 0.05; done', {
      limitMilliseconds: 50,
      stop: { graceMilliseconds: 50 },
    });
    expect(deaf).toMatchObject({ kind: 'timed-out' });
  });
});
