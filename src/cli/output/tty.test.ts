import { Chalk } from 'chalk';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { stepEvent } from './steps.fixture.ts';
import { type Terminal, ttyRenderer } from './tty.ts';

// In a process of its own: the live tree takes over the streams of the process that it is in.
function show(steps: string) {
  const script = `
import { Chalk } from 'chalk';
import { ttyRenderer } from './tty.ts';
const renderer = ttyRenderer({
  streams: { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text), columns: () => 80 },
  terminal: process.stderr,
  chalk: new Chalk({ level: 0 }),
});
const problem = { code: 'some-code', message: 'It is so.' };
const step = (verb, phase) =>
  renderer.emit({ type: 'step', id: verb, verb, on: 'container/arc-cache', role: 'cache', phase });
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
${steps}
await renderer.close();
`;
  return execa('node', ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, all: true });
}

it('draws on standard error, with warnings above the tree and the answer below it', async () => {
  const { stdout, stderr, all } = await show(`
    step('start', 'running');
    await pause();
    renderer.emit({ type: 'warning', problem });
    step('start', 'done');
    renderer.print('The answer.\\n');
  `);
  expect(stdout).toBe('The answer.');
  expect(stderr).toContain(' cache starting');
  expect(all.indexOf('warning[some-code]')).toBeLessThan(all.lastIndexOf('✔ cache started'));
  expect(all.indexOf('The answer.')).toBeGreaterThan(all.lastIndexOf('✔ cache started'));
});

it('has no tick for what was stopped and, after an interruption, never started again', async () => {
  const { all } = await show(`
    for (const verb of ['stop', 'start', 'await']) step(verb, 'waiting');
    step('stop', 'running');
    await pause();
    step('stop', 'done');
    step('start', 'skipped');
    step('await', 'skipped');
  `);
  const last = all.slice(all.lastIndexOf('cache stopping'));
  expect(last).toContain('- cache start  (not done)');
  expect(last).not.toContain('✔');
});

it('leaves the terminal to a question, and goes on below it', async () => {
  const { all } = await show(`
    step('build', 'running');
    await pause();
    renderer.pause();
    process.stderr.write('Go on?\\n');
    renderer.emit({ type: 'warning', problem });
    step('pull', 'running');
    await pause();
    process.stderr.write('yes\\n');
    renderer.resume();
    await pause();
    step('pull', 'done');
    step('build', 'done');
  `);
  const [before = '', during = '', after = ''] = all.split(/Go on\?|yes/);
  expect(before).toContain('- cache building  (waits for an answer)');
  expect(during.trim()).toBe('');
  expect(after).toContain('warning[some-code]');
  expect(after).toContain('✔ cache built');
});

it('takes back every line that a narrower terminal has broken into several', async () => {
  const written: string[] = [];
  let resize = (): void => {};
  const terminal = {
    columns: 80,
    rows: 24,
    write: (text: string) => written.push(text),
    on: (_: string, then: () => void) => {
      resize = then;
    },
    off: () => {},
  };
  const renderer = ttyRenderer({
    streams: { out: () => {}, err: () => {}, columns: () => terminal.columns },
    terminal: terminal as unknown as Terminal,
    chalk: new Chalk({ level: 0 }),
  });
  renderer.emit(stepEvent('cache', 'build', 'running', { output: 'x'.repeat(30) }));
  await new Promise((resolve) => setImmediate(resolve));
  written.length = 0;
  // The line of 45 characters, or more with the time that it has taken, takes three lines now: two more than before.
  terminal.columns = 20;
  resize();
  const erased = written.join('').split(`${String.fromCharCode(27)}[2K`).length - 1;
  expect(erased).toBe(2 + 2);
  await renderer.close();
});
