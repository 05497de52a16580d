import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { failed } from '../../../core/errors.ts';
import { explainLoss } from './failure.ts';

const build = failed({
  code: 'image-build-failed',
  message: 'The image could not be built: socket hang up.',
});

/** A connection that breaks for what runs over it, and is seen to end a moment later; or that stands. */
function link(options: { faltered: boolean; ends: boolean }) {
  let lost: string | undefined;
  const over = options.ends
    ? sleep(20).then(() => {
        lost = 'Connection reset by peer';
      })
    : new Promise<void>(() => {});
  const address = { host: 'box' };
  return { address, faltered: () => options.faltered, lost: () => lost, over };
}

describe('what failed while an Engine was used over SSH', () => {
  test('failed for the connection, where that breaks a moment after what ran over it', async () => {
    const explained = await explainLoss(build, link({ faltered: true, ends: true }));
    expect(explained).toMatchObject({
      code: 'ssh-lost',
      problems: [{ detail: ['Connection reset by peer', build.problems[0]?.message] }],
    });
  });

  test('failed by itself, where the connection stands', async () => {
    expect(await explainLoss(build, link({ faltered: true, ends: false }))).toBe(build);
    expect(await explainLoss(build, link({ faltered: false, ends: false }))).toBe(build);
  });
});
