import { expect, test } from 'vitest';
import { openPersonal } from '../../packages/contracts/typescript/seal.ts';
import { sealBody, userOf } from './seal.ts';

const key = { id: '6f1c', key: new Uint8Array(32).fill(7) };
const personal = { user: '/who/id', fields: ['/text', '/lines/*/said', '/left'] };
const body = {
  who: { id: 'user-1' },
  text: 'buy Käse',
  lines: [{ said: 'one', at: 1 }, { said: 'two' }],
  tags: ['food'],
};

test('a generated client reads what is encrypted, and nobody reads it without the key', async () => {
  const sealed = sealBody({ message: { name: 'note-kept', personal }, body, user: 'user-1', key });
  expect(JSON.stringify(sealed)).not.toMatch(/Käse|one|two/);
  expect(sealed).toMatchObject({ who: { id: 'user-1' }, tags: ['food'], lines: [{ at: 1 }, {}] });
  const contract = {
    ...{ name: 'note-kept', event: 'note', publishers: [], subscribers: [], personal },
    schema: { type: 'object', properties: {}, required: [], additionalProperties: true },
  } as const;
  const open = (found: Uint8Array | undefined) =>
    openPersonal({
      contract,
      data: sealed,
      keys: { ofUser: () => Promise.reject(new Error('not asked')), byId: () => Promise.resolve(found) },
    });
  expect(await open(key.key)).toEqual({ data: body, unreadable: [] });
  expect((await open(undefined)).unreadable).toEqual(['/text', '/lines/0/said', '/lines/1/said']);
});

test.each([
  ['names one', body, 'user-1'],
  ['names nobody', { who: {} }, undefined],
  ['has an empty name', { who: { id: '' } }, undefined],
  ['has a list there', { who: ['user-1'] }, undefined],
])('the user of a body that %s', (_, given, user) => {
  expect(userOf({ personal, body: given })).toBe(user);
});
