import { describe, expect, it } from 'vitest';
import { compareContracts } from './compare.ts';
import { contracts, message, namespace } from './contracts.fixture.ts';
import type { Compatibility, Message, PulsarChannel } from './model.ts';

/** The changes, as `! where what`, where a `!` breaks somebody. */
function told(before: readonly Message[], after: readonly Message[], mode: Compatibility = 'FULL') {
  const of = (messages: readonly Message[]) => contracts(messages, [namespace({ compatibility: mode })]);
  return compareContracts({ before: of(before), after: of(after) }).map(
    ({ breaks, at, text }) => `${breaks ? '!' : ' '} ${at} ${text}`,
  );
}

const pulsar: PulsarChannel = {
  namespace: 'orders',
  topic: 'placed',
  url: 'persistent://arc/orders/placed',
  partitions: 4,
  key: '/id',
  subscriptions: [{ name: 'billing', role: 'billing', external: true, type: 'shared', from: 'earliest' }],
};

const twoFields = (required: readonly string[]): Message['schema'] => ({
  type: 'object',
  properties: { id: { type: 'string' }, note: { type: 'string' } },
  required,
  additionalProperties: false,
});

describe('compareContracts', () => {
  it('finds nothing where nothing has changed', () => {
    expect(told([message({ pulsar })], [message({ pulsar })])).toEqual([]);
  });

  it('tells new messages, and who loses one', () => {
    expect(told([message()], [message({ name: 'order-sent' })])).toEqual([
      '! message is gone, and used by shop',
      '  message is new',
    ]);
  });

  it('lets an optional field come and go', () => {
    expect(told([message()], [message({ schema: twoFields(['id']) })])).toEqual([]);
    expect(told([message({ schema: twoFields(['id']) })], [message()])).toEqual([]);
  });

  it.each<[Compatibility, string]>([
    ['FULL', '!'],
    ['BACKWARD', '!'],
    ['FORWARD', ' '],
  ])('a new required field under %s: %s', (mode, mark) => {
    expect(
      told([message({ pulsar })], [message({ pulsar, schema: twoFields(['id', 'note']) })], mode),
    ).toEqual([`${mark} /note old messages, new readers: is never there, and readers require it`]);
  });

  it.each<[Compatibility, string]>([
    ['FULL', '!'],
    ['BACKWARD', ' '],
    ['FORWARD', '!'],
  ])('a required field that goes under %s: %s', (mode, mark) => {
    expect(
      told([message({ pulsar, schema: twoFields(['id', 'note']) })], [message({ pulsar })], mode),
    ).toEqual([`${mark} /note new messages, old readers: is never there, and readers require it`]);
  });

  it('keeps what the older version promised, whatever the newer one promises', () => {
    const before = contracts([message({ pulsar })], [namespace({ compatibility: 'FULL' })]);
    const after = contracts(
      [message({ pulsar, schema: twoFields(['id', 'note']) })],
      [namespace({ compatibility: 'FORWARD' })],
    );
    expect(compareContracts({ before, after }).map(({ breaks }) => breaks)).toEqual([true]);
  });

  it('holds a message that is on NATS alone to both directions', () => {
    expect(told([message()], [message({ schema: twoFields(['id', 'note']) })], 'FORWARD')).toEqual([
      '! /note old messages, new readers: is never there, and readers require it',
    ]);
  });

  it('breaks who looks for it at its old place', () => {
    const nats = { subject: 'shop.cart.order.made', dead: 'shop.dead.shop.cart.order.made' };
    expect(told([message()], [message({ nats })])).toEqual([
      '! subject was shop.cart.order.placed, and is shop.cart.order.made',
    ]);
    const { nats: _, ...elsewhere } = message({ pulsar });
    expect(told([message({ pulsar })], [elsewhere])).toEqual([
      '! subject was shop.cart.order.placed, and is gone',
    ]);
    expect(told([message()], [message({ pulsar })])).toEqual([
      '  topic is new: persistent://arc/orders/placed',
      '  subscriptions billing (shared) is a new one',
    ]);
  });

  it('tells fewer partitions from more', () => {
    const of = (partitions: number) => [message({ pulsar: { ...pulsar, partitions } })];
    expect(told(of(4), of(2))).toEqual(['! partitions were 4, and Pulsar cannot make them 2']);
    expect(told(of(4), of(8))).toEqual([
      '  partitions were 4, and are 8: keys move, and their order begins again',
    ]);
  });

  it('breaks the order of messages with another key', () => {
    const { key: _, ...unordered } = pulsar;
    expect(told([message({ pulsar: unordered })], [message({ pulsar })])).toEqual(['! key is new: /id']);
  });

  it('breaks who loses a right', () => {
    const publishers = [{ role: 'cart', external: false }];
    expect(told([message()], [message({ publishers })])).toEqual([
      '! publishers shop is no longer one',
      '  publishers cart is a new one',
    ]);
  });

  it('breaks readers of a field that is encrypted from now on', () => {
    const personal = { user: '/id', fields: ['/note'] };
    const schema = twoFields(['id']);
    expect(told([message({ schema })], [message({ schema, personal })])).toEqual([
      '! /note is encrypted now',
    ]);
  });
});
