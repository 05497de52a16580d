import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { currentContext, inContext } from '../../../spans/context.ts';
import { type Delivered, openOutbox } from './outbox.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arc-outbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Item = { text: string };

/** Where things are delivered to, while it is there. */
function place(options: { away?: boolean } = {}) {
  const got: string[] = [];
  const state = { away: options.away ?? false };
  let attempts = 0;
  return {
    got,
    state,
    attempts: () => attempts,
    deliver: async ({ text }: Item): Promise<Delivered> => {
      attempts += 1;
      if (state.away) throw new Error('SQL is away');
      if (text === 'broken') return 'refused';
      got.push(text);
      return 'done';
    },
  };
}
const open = (deliver: (item: Item) => Promise<Delivered>, most = 10) =>
  openOutbox<Item>({
    folder,
    most,
    deliver,
    pause: () => new Promise((resolve) => setTimeout(resolve, 2)),
  });
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

it('delivers what it is given, in order, and keeps nothing of it', async () => {
  const to = place();
  const outbox = await open(to.deliver);
  for (const text of ['a', 'b', 'c']) await outbox.add({ text });
  await until(() => to.got.length === 3);
  await outbox.close();
  expect(to.got).toEqual(['a', 'b', 'c']);
  expect(await readdir(folder)).toEqual([]);
});

it('delivers later what could not be delivered', async () => {
  const to = place({ away: true });
  const outbox = await open(to.deliver);
  await outbox.add({ text: 'a' });
  await until(() => to.attempts() > 2);
  expect(outbox.state()).toMatchObject({ waiting: 1, failure: 'SQL is away' });
  to.state.away = false;
  await until(() => to.got.length === 1);
  await outbox.close();
  expect(outbox.state()).toMatchObject({ waiting: 0, failure: undefined });
});

it('delivers after a restart what waited before it', async () => {
  const away = place({ away: true });
  const first = await open(away.deliver);
  await first.add({ text: 'a' });
  await first.add({ text: 'b' });
  await first.close();
  const to = place();
  const second = await open(to.deliver);
  await until(() => to.got.length === 2);
  await second.close();
  expect(to.got).toEqual(['a', 'b']);
});

it('delivers as a part of the span in which something was added, also after a restart', async () => {
  const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
  const away = place({ away: true });
  const first = await open(away.deliver);
  await inContext(span, () => first.add({ text: 'a' }));
  await first.add({ text: 'b' });
  await first.close();
  const seen: unknown[] = [];
  const second = await open(async (item) => {
    seen.push([item, currentContext()]);
    return 'done';
  });
  await until(() => seen.length === 2);
  await second.close();
  expect(seen).toEqual([
    [{ text: 'a' }, span],
    [{ text: 'b' }, undefined],
  ]);
});

it('counts what it cannot keep, because too much waits', async () => {
  const outbox = await open(place({ away: true }).deliver, 1);
  expect(await outbox.add({ text: 'a' })).toBe(true);
  expect(await outbox.add({ text: 'b' })).toBe(false);
  expect(outbox.state()).toMatchObject({ waiting: 1, lost: 1 });
  await outbox.close();
});

it('does not stop at what can never be delivered', async () => {
  await writeFile(join(folder, '000000000000001-cut.json'), '"ha');
  const to = place();
  const outbox = await open(to.deliver);
  await outbox.add({ text: 'broken' });
  await outbox.add({ text: 'a' });
  await until(() => to.got.length === 1);
  await outbox.close();
  expect(outbox.state().refused).toBe(2);
});
