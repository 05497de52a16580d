import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runTool } from './run-tool.ts';

function run(script: string, options: { signal?: AbortSignal; command?: string } = {}) {
  const lines: string[] = [];
  const done = runTool({
    tool: { program: options.command ?? 'sh', install: 'install it' },
    args: ['-c', script],
    cwd: tmpdir(),
    environment: process.env,
    signal: options.signal ?? new AbortController().signal,
    onLine: (line) => lines.push(line),
  });
  return { done, lines };
}

describe('a tool', () => {
  it('hands over its lines from both streams', async () => {
    const { done, lines } = run('echo one; echo two >&2');
    await done;
    expect(lines.toSorted()).toEqual(['one', 'two']);
  });

  it('that fails is shown with its last lines', async () => {
    const { done } = run('seq 1 20; exit 7');
    await expect(done).rejects.toMatchObject({
      code: 'recipe-step-failed',
      message: 'sh -c failed with exit status 7.',
      problems: [{ detail: expect.arrayContaining(['9', '20']) }],
    });
  });

  it('that is missing is named, with what to do', async () => {
    const { done } = run('', { command: 'arc-no-such-tool' });
    await expect(done).rejects.toMatchObject({
      code: 'missing-tool',
      status: 4,
      problems: [{ suggestion: 'install it; `arc doctor --fix` installs what it can' }],
    });
  });

  it('is interrupted when the work is', async () => {
    const controller = new AbortController();
    const { done } = run('exec sleep 30', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('interrupted')), 50);
    await expect(done).rejects.toThrow('interrupted');
  });
});
