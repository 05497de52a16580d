import { execa } from 'execa';
import { expect, it } from 'vitest';

// In a process of its own: the live tree takes over the streams of the process that it is in.
function show(steps: string) {
  const script = `
import { Chalk } from 'chalk';
import { ttyRenderer } from './tty.ts';
const renderer = ttyRenderer({
  streams: { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text), columns: () => 80 },
  chalk: new Chalk({ level: 0 }),
});
const problem = { code: 'some-code', message: 'It is so.' };
const task = (action, state) => renderer.emit({ type: 'task', id: 'a', subject: 'cache', action, state });
${steps}
await renderer.close();
`;
  return execa('node', ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, all: true });
}

it('draws on standard error, and shows the answer and the warnings when the tree is complete', async () => {
  const { stdout, stderr, all } = await show(`
    task('start', 'running');
    await new Promise((resolve) => setTimeout(resolve, 50));
    renderer.emit({ type: 'warning', problem });
    task('started', 'done');
    renderer.print('The answer.\\n');
  `);
  expect(stdout).toBe('The answer.');
  expect(stderr).toContain('cache started');
  expect(stderr).toContain('warning[some-code]');
  expect(all.indexOf('The answer.')).toBeGreaterThan(all.lastIndexOf('cache started'));
  expect(all.indexOf('warning[some-code]')).toBeGreaterThan(all.lastIndexOf('cache started'));
});

it('has no tick for what was stopped and, after an interruption, never started again', async () => {
  const { all } = await show(`
    const operation = (id, action, state) => renderer.emit({ type: 'task', id, subject: 'cache', action, state });
    for (const [id, action] of [['stop', 'stop'], ['start', 'start'], ['wait', 'wait until healthy']])
      operation(id, action, 'waiting');
    operation('stop', 'stop', 'running');
    await new Promise((resolve) => setTimeout(resolve, 50));
    operation('stop', 'stopped', 'done');
    operation('start', 'start', 'skipped');
    operation('wait', 'wait until healthy', 'skipped');
  `);
  expect(all).toContain('cache start (not done)');
  expect(all).not.toContain('✔');
});

it('leaves the terminal to a question, and goes on below it', async () => {
  const { all } = await show(`
    task('build its base', 'running');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await renderer.pause();
    process.stderr.write('Shall I?\\n');
    task('build its base', 'running');
    await new Promise((resolve) => setTimeout(resolve, 50));
    task('base is built', 'done');
  `);
  const [before = '', after = ''] = all.split('Shall I?');
  expect(before).toContain('build its base (waits for an answer)');
  expect(after).not.toContain('waits for an answer');
  expect(after).toContain('cache base is built');
});
