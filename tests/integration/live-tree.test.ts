import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../support/run-arc.ts';
import { onTerminal } from '../support/terminal.ts';

const hidden = '\u001b[?25l';
const visible = '\u001b[?25h';

/** Runs the live tree on a real terminal, in a process of its own, whose end is part of what is tested. */
function show(end: string) {
  const script = `
import { Chalk } from 'chalk';
import { ttyRenderer } from './tty.ts';
const write = (text) => process.stderr.write(text);
const renderer = ttyRenderer({
  streams: { out: write, err: write, columns: () => 80 }, terminal: process.stderr, chalk: new Chalk({ level: 0 }),
});
renderer.emit({ type: 'step', id: 'x', verb: 'start', on: 'container/arc-cache', role: 'cache', phase: 'running' });
await new Promise((resolve) => setTimeout(resolve, 300));
${end}`;
  return onTerminal({
    command: `exec ${process.execPath} --input-type=module --eval '${script.replaceAll("'", '"')}'`,
    cwd: join(repository, 'src', 'cli', 'output'),
    columns: 80,
  });
}

it.each([
  ['it is closed', 'await renderer.close();'],
  ['an error that nobody catches', 'throw new Error(`a fault`);'],
  ['a second Ctrl-C', 'process.exit(130);'],
  ['SIGTERM', 'process.kill(process.pid, `SIGTERM`); await new Promise((r) => setTimeout(r, 5000));'],
])('the cursor is back after %s', async (_, end) => {
  const { raw } = await show(end);
  expect(raw).toContain('cache starting');
  expect(raw).toContain(hidden);
  expect(raw.lastIndexOf(visible)).toBeGreaterThan(raw.lastIndexOf(hidden));
});
