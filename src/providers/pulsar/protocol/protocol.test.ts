import { expect, test } from 'vitest';
import { decodeAnswer, sendFrame } from './commands.ts';
import { decodeFields, encodeFields } from './fields.ts';
import { commandsIn } from './frames.ts';
import { decodeMessageId, encodeMessageId, isAtEnd } from './message-id.ts';

test('an id of a message is read as the broker writes it', () => {
  // From a broker: the second message of a topic, and the first of a partition.
  expect(decodeMessageId('CDoQATAA')).toEqual({ ledger: 58n, entry: 1n });
  expect(decodeMessageId('CD0QABgAMAA=')).toEqual({ ledger: 61n, entry: 0n });
  expect(decodeMessageId(encodeMessageId({ ledger: 61n, entry: -1n }))).toEqual({ ledger: 61n, entry: -1n });
  expect(() => decodeMessageId('CDo=')).toThrow('no id of a message');
});

test('a topic is read to its last message, also where that is one of a batch', () => {
  const last = { ledger: 5n, entry: 7n };
  expect(isAtEnd({ ledger: 5n, entry: 6n }, last)).toBe(false);
  expect(isAtEnd({ ledger: 4n, entry: 9n }, last)).toBe(false);
  expect(isAtEnd({ ledger: 5n, entry: 7n }, last)).toBe(true);
  expect(isAtEnd({ ledger: 6n, entry: 0n }, last)).toBe(true);
  expect(isAtEnd({ ...last, batch: { index: 0, size: 3 } }, last)).toBe(false);
  expect(isAtEnd({ ...last, batch: { index: 2, size: 3 } }, last)).toBe(true);
});

test('commands are cut out of what comes, however it is split', () => {
  const message = { payload: Buffer.from('{}'), key: 'k', properties: { 'ce-id': '1' }, time: 1 };
  const one = sendFrame({ message, producer: 'standalone-0-1', schemaVersion: undefined });
  const both = Buffer.concat([one, one]);
  for (const at of [1, 4, 7, one.length - 1, one.length, one.length + 5]) {
    const take = commandsIn();
    const found = [...take(both.subarray(0, at)), ...take(both.subarray(at))];
    expect(found.map((bytes) => decodeFields(bytes).number(1))).toEqual([6n, 6n]);
  }
});

test('what is not the protocol is an error', () => {
  expect(() => commandsIn()(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toThrow(
    'not the protocol of Pulsar',
  );
});

test('a refusal says why in one line', () => {
  const refused = (code: number, text: string) =>
    decodeAnswer(
      encodeFields([
        [1, 14],
        [
          14,
          encodeFields([
            [1, 1],
            [2, code],
            [3, text],
          ]),
        ],
      ]),
    );
  expect(refused(11, '')).toEqual({ kind: 'refused', reason: 'there is no such topic' });
  expect(refused(7, 'Cannot create producer\nat line 1')).toEqual({
    kind: 'refused',
    reason: 'the backlog of a subscription is full: Cannot create producer',
  });
  expect(refused(0, '')).toEqual({ kind: 'refused', reason: 'error 0' });
});
