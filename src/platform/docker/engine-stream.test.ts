import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { engineReason, followEngine } from './engine-stream.ts';

async function follow(answer: Readable, options: { idleMilliseconds?: number; signal?: AbortSignal } = {}) {
  const seen: unknown[] = [];
  await followEngine({
    start: async () => answer,
    idleMilliseconds: options.idleMilliseconds ?? 1000,
    signal: options.signal ?? new AbortController().signal,
    onMessage: (message) => seen.push(message),
  });
  return seen;
}

describe("following the Engine's answer", () => {
  it('reads a message a line, however the bytes arrive', async () => {
    const bytes = Buffer.from('{"status":"ä"}\r\n{"status":"b"}\n\n{"status":"c"}');
    const answer = Readable.from([bytes.subarray(0, 12), bytes.subarray(12, 20), bytes.subarray(20)]);
    expect(await follow(answer)).toEqual([{ status: 'ä' }, { status: 'b' }, { status: 'c' }]);
  });

  it.each([
    ['of 20.10', '{"error":"no space left on device"}'],
    ['of 29', '{"errorDetail":{"message":"no space left on device"},"error":"no space left on device"}'],
    ['that leaves the deprecated field out', '{"errorDetail":{"message":"no space left on device"}}'],
  ])('fails with the words of an Engine %s', async (_case, line) => {
    const answer = Readable.from([Buffer.from(`{"status":"x"}\n${line}\n`)]);
    await expect(follow(answer)).rejects.toThrow('no space left on device');
  });

  it('does not wait for ever for an Engine that says nothing', async () => {
    const silent = new Readable({ read() {} });
    await expect(follow(silent, { idleMilliseconds: 20 })).rejects.toThrow('has said nothing for 0.02 s');
    expect(silent.destroyed).toBe(true);
  });

  it('stops at once when it is aborted, for the reason of the abort', async () => {
    const silent = new Readable({ read() {} });
    const controller = new AbortController();
    const following = follow(silent, { signal: controller.signal });
    controller.abort(new Error('interrupted'));
    await expect(following).rejects.toThrow('interrupted');
  });
});

it.each([
  ['(HTTP code 404) unexpected - manifest unknown ', 'manifest unknown'],
  ['(HTTP code 500) server error - Get "https://x/v2/": EOF ', 'Get "https://x/v2/": EOF'],
  ['connect ENOENT /var/run/docker.sock', 'connect ENOENT /var/run/docker.sock'],
])('%j is shown as %j', (message, shown) => {
  expect(engineReason(new Error(message))).toBe(shown);
});
