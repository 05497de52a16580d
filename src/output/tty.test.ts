import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

// In a process of its own: the live tree takes over the streams of the process that it is in.
const boot = `
import { Chalk } from 'chalk';
import { ttyRenderer } from './tty.ts';
const renderer = ttyRenderer({
  streams: { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) },
  chalk: new Chalk({ level: 0 }),
});
const problem = { code: 'some-code', message: 'It is so.' };
renderer.emit({ type: 'task', id: 'a', subject: 'cache', action: 'start', state: 'running' });
await new Promise((resolve) => setTimeout(resolve, 50));
renderer.emit({ type: 'warning', problem });
renderer.emit({ type: 'task', id: 'a', subject: 'cache', action: 'started', state: 'done' });
renderer.print('The answer.\\n');
await renderer.close();
`;

it('draws on standard error, and shows the answer and the warnings when the tree is complete', async () => {
  const { stdout, stderr, all } = await execa('node', ['--input-type=module', '--eval', boot], {
    cwd: join(import.meta.dirname),
    all: true,
  });
  expect(stdout).toBe('The answer.');
  expect(stderr).toContain('cache started');
  expect(stderr).toContain('warning[some-code]');
  expect(all.indexOf('The answer.')).toBeGreaterThan(all.lastIndexOf('cache started'));
  expect(all.indexOf('warning[some-code]')).toBeGreaterThan(all.lastIndexOf('cache started'));
});
