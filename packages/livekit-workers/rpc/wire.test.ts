import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claim, packed, Request, Response, unpacked } from './wire.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('messages on the wire', () => {
  it('are an envelope with the type by which the server resolves them', () => {
    const claim = packed(new Claim({ requestId: 'R', serverId: 'S', affinity: 1 }));
    expect(hex(claim)).toBe(
      [
        // type_url
        '0a29',
        Buffer.from('type.googleapis.com/internal.ClaimRequest').toString('hex'),
        // value: request_id, server_id, affinity
        '120b',
        '0a0152',
        '120153',
        '1d0000803f',
      ].join(''),
    );
  });

  it('come back as they were', () => {
    const request = new Request({
      requestId: 'REQ_1',
      clientId: 'CLI_1',
      sentAt: 1_795_285_000_123_456_789n,
      expiry: 1_795_285_003_123_456_789n,
      metadata: { key: 'value' },
      rawRequest: Uint8Array.of(1, 2, 3),
    });
    expect(unpacked(Request, packed(request))).toEqual(request);
  });

  it('of another type are none', () => {
    expect(unpacked(Response, packed(new Request({ requestId: 'REQ_1' })))).toBeUndefined();
  });

  it('that are broken are none, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(unpacked(Request, bytes)).toBeUndefined();
      }),
    );
  });

  it('that are cut short are none', () => {
    const whole = packed(new Request({ requestId: 'REQ_1', rawRequest: new Uint8Array(64) }));
    for (let cut = 1; cut < 64; cut += 1)
      expect(unpacked(Request, whole.subarray(0, whole.length - cut))).toBeUndefined();
  });
});
