import { expect, test } from 'vitest';
import { boundedText } from './bounded-text.ts';

/** An answer that arrives in these parts; `read`: how many of them somebody has asked for. */
function answer(parts: readonly Uint8Array<ArrayBuffer>[]) {
  let read = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (to) => {
        const part = parts[read];
        read += 1;
        if (part === undefined) to.close();
        else to.enqueue(part);
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(stream), read: () => read };
}

test('a text is whole, also where a part ends within a character', async () => {
  const [first, second] = [Buffer.from('müde').subarray(0, 2), Buffer.from('müde').subarray(2)];
  const { response } = answer([Uint8Array.from(first), Uint8Array.from(second)]);
  expect(await boundedText({ response, longest: 5 })).toBe('müde');
});

test('an answer without a body is empty', async () => {
  expect(await boundedText({ response: new Response(null, { status: 204 }), longest: 5 })).toBe('');
});

test('an answer that is too long is an error, and its rest is not read', async () => {
  const { response, read } = answer(Array.from({ length: 100 }, () => new Uint8Array(10)));
  await expect(boundedText({ response, longest: 25 })).rejects.toThrow('an answer of more than 25 bytes');
  expect(read()).toBe(3);
});
