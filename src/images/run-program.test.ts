import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runProgram } from './run-program.ts';

const run = (script: string, options: Partial<Parameters<typeof runProgram>[0]> = {}) =>
  runProgram({
    command: 'sh',
    args: ['-c', script],
    cwd: tmpdir(),
    environment: process.env,
    signal: new AbortController().signal,
    onLine: () => {},
    ...options,
  });

describe('a program', () => {
  it('says how it ended', async () => {
    expect(await run('exit 3')).toEqual({ kind: 'exited', status: 3 });
    expect(await run('kill -TERM $$')).toEqual({ kind: 'killed', by: 'SIGTERM' });
    expect(await run('', { command: 'arc-no-such-program' })).toEqual({ kind: 'missing' });
  });

  it('reads what it is given, and hands over what it writes', async () => {
    const lines: string[] = [];
    const end = await run('cat; echo other >&2', { input: 'one\ntwo\n', onLine: (line) => lines.push(line) });
    expect(end).toEqual({ kind: 'exited', status: 0 });
    expect(lines.toSorted()).toEqual(['one', 'other', 'two']);
  });

  it('that does not read what it is given ends as it ends', async () => {
    expect(await run('exit 4', { input: 'x'.repeat(1_000_000) })).toEqual({ kind: 'exited', status: 4 });
  });

  it('may be given its input later, and is not silent before', async () => {
    const lines: string[] = [];
    const input = new Promise<string>((resolve) => setTimeout(() => resolve('late\n'), 150));
    const end = await run('cat', { input, idleMilliseconds: 100, onLine: (line) => lines.push(line) });
    expect(end).toEqual({ kind: 'exited', status: 0 });
    expect(lines).toEqual(['late']);
  });

  it('is ended where its input never comes, though it hears no signal', async () => {
    const deaf = 'trap "" INT; cat';
    await expect(run(deaf, { input: Promise.reject(new Error('nothing to do')) })).rejects.toThrow(
      'nothing to do',
    );
    const controller = new AbortController();
    const waiting = run(deaf, { input: new Promise(() => {}), signal: controller.signal });
    controller.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });

  it('is ended with its children where it is silent for too long', async () => {
    expect(await run('sleep 60 | sleep 60', { idleMilliseconds: 50 })).toEqual({ kind: 'silent' });
  });

  it('is ended with its children when the work is aborted', async () => {
    const controller = new AbortController();
    const done = run('echo begun; sleep 60 | sleep 60', {
      signal: controller.signal,
      onLine: () => controller.abort(new Error('interrupted')),
    });
    await expect(done).rejects.toThrow('interrupted');
  });

  it('ends with the error of whoever takes its lines', async () => {
    const refuse = () => {
      throw new Error('not understood');
    };
    await expect(run('seq 1 100000', { onLine: refuse })).rejects.toThrow('not understood');
  });
});
