import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startPiped } from './piped.ts';

const environment = { PATH: process.env.PATH };
const sh = (script: string) => startPiped({ command: 'sh', args: ['-c', script], environment });

test('a program answers what it is sent, and ends when nothing more comes', async () => {
  const cat = sh('cat');
  cat.stdin.end('hello');
  expect(await text(cat.stdout)).toBe('hello');
  expect(await cat.ended).toEqual({ status: 0 });
});

test('what it says of its failure is kept with its exit status', async () => {
  const failing = sh('echo no way >&2; exit 7');
  failing.stdout.resume();
  expect(await failing.ended).toEqual({ status: 7 });
  expect(failing.said()).toBe('no way');
});

test('a program that does not exist has no status', async () => {
  const missing = startPiped({ command: '/nowhere/ssh', args: [], environment });
  expect(await missing.ended).toEqual({ status: undefined });
  expect(missing.said()).toContain('ENOENT');
});

test('one that may ask on the terminal ignores an interrupt, and still ends when told to', async () => {
  const asking = startPiped({
    command: 'sh',
    args: ['-c', 'kill -INT $$; echo alive; exec cat'],
    environment,
    terminal: true,
  });
  await new Promise((resolve) => asking.stdout.once('data', resolve));
  asking.stop();
  expect(await asking.ended).toEqual({ status: undefined });
});

test('it is known once it says something, or that it ended without', async () => {
  const talking = sh('echo opened >&2; exec cat');
  expect(await talking.says(/opened/)).toBe(true);
  talking.stdin.end();
  talking.stdout.resume();
  await talking.ended;
  expect(await talking.says(/opened/)).toBe(true);
  const other = sh('echo refused >&2; exit 1');
  other.stdout.resume();
  expect(await other.says(/opened/)).toBe(false);
});
