import { describe, expect, it } from 'vitest';
import { signedOrder } from '../../../../src/providers/livekit/say.ts';
import { sayOrders } from './say-order.ts';

const secret = 'the-secret-of-the-api-of-this-server';
const order = { id: 'one', room: 'demo', text: 'Hello.', until: 1000 };
const bytes = (text: string) => new TextEncoder().encode(text);
const signed = (more: Partial<typeof order & { secret: string }> = {}) =>
  bytes(signedOrder({ ...order, secret, ...more }));
const reader = () => sayOrders({ room: 'demo', secret });

describe('an order to say something', () => {
  it('is taken as arc agents say signs it', () => {
    expect(reader()(signed(), 999)).toEqual({ order: { id: 'one', text: 'Hello.' } });
  });

  it('is nothing with the signature of somebody else', () => {
    expect(reader()(signed({ secret: 'another secret' }), 0)).toBeUndefined();
  });

  it('is nothing with another text than the one that was signed', () => {
    const changed = new TextDecoder().decode(signed()).replace('Hello.', 'Goodbye.');
    expect(reader()(bytes(changed), 0)).toBeUndefined();
  });

  it('is refused where it is for another room, or too late', () => {
    expect(reader()(signed({ room: 'sales' }), 0)).toEqual({ refused: 'one' });
    expect(reader()(signed(), 1001)).toEqual({ refused: 'one' });
  });

  it('is refused a second time', () => {
    const read = reader();
    read(signed(), 0);
    expect(read(signed(), 0)).toEqual({ refused: 'one' });
  });

  it.each([
    '',
    'no JSON',
    'null',
    '[]',
    '{"id":1}',
    '{"id":"a","room":"demo","text":"b","until":1e99,"signature":""}',
  ])('is not read out of %j', (text) => expect(reader()(bytes(text), 0)).toBeUndefined());

  it('is not read out of bytes that are no text', () => {
    expect(reader()(new Uint8Array([0xff, 0xfe]), 0)).toBeUndefined();
  });
});
