import { describe, expect, it } from 'vitest';
import { createJudge } from './judge.ts';

const judge = createJudge([
  {
    name: 'order-placed',
    subject: 'shop.cart.order.placed',
    event: 'arc.shop.order-placed.v1',
    schema: {
      type: 'object',
      properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
      required: ['id'],
      additionalProperties: false,
    },
  },
]);

const hear = (body: string, subject = 'shop.cart.order.placed', event = 'arc.shop.order-placed.v1') =>
  judge({ subject, data: Buffer.from(body), event });

describe('a message that is heard', () => {
  it('is valid if its body satisfies the contract', () => {
    expect(hear('{"id":"a","at":"2026-01-31T12:00:00Z"}')).toEqual({
      kind: 'valid',
      subject: 'shop.cart.order.placed',
      message: 'order-placed',
    });
  });

  it('may have no headers, as one that a person publishes by hand', () => {
    expect(hear('{"id":"a"}', undefined, '').kind).toBe('valid');
  });

  it.each([
    ['{"id":1}', 'schema', '/id', 'must be string'],
    ['{}', 'schema', '/id', "must have required property 'id'"],
    ['{"id":"a","colour":"red"}', 'schema', '/colour', 'must NOT have additional properties'],
    ['{"id":"a","at":"noon"}', 'schema', '/at', 'must match format "date-time"'],
    ['not JSON', 'json', '', 'the body is not JSON'],
  ])('%s breaks the contract: %s', (body, reason, pointer, text) => {
    expect(hear(body)).toMatchObject({ kind: 'violation', reason, pointer, text });
  });

  it('breaks the contract if its headers say that it is another event', () => {
    expect(hear('{"id":"a"}', undefined, 'arc.shop.order-sent.v1')).toMatchObject({
      kind: 'violation',
      reason: 'type',
      text: 'the headers say arc.shop.order-sent.v1',
    });
  });

  it('is undeclared if no contract has its subject', () => {
    expect(hear('{}', 'shop.cart.order.sent')).toEqual({
      kind: 'undeclared',
      domain: 'shop',
      subject: 'shop.cart.order.sent',
    });
  });

  it('is a dead letter of the subject that it was meant for', () => {
    expect(hear('not JSON', 'shop.dead.shop.cart.order.placed')).toEqual({
      kind: 'dead',
      subject: 'shop.cart.order.placed',
    });
  });

  it('is never quoted in what is said of it', () => {
    expect(JSON.stringify(hear('{"id":{"secret":"of Ada"}}'))).not.toContain('Ada');
  });
});
