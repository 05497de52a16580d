import { IngressInfo } from '@livekit/protocol';
import { describe, expect, test } from 'vitest';
import { RpcError } from '../rpc/error.ts';
import { lookUp } from './look-up.ts';

const info = new IngressInfo({ ingressId: 'IN_1', streamKey: 'key' });
const { signal } = new AbortController();

/** A server that says nothing to the first questions. */
function deaf(times: number, code: RpcError['code'] = 'unavailable') {
  let asked = 0;
  const io = {
    ingress: async () => {
      asked += 1;
      if (asked <= times) throw new RpcError(code, 'no response from servers');
      return info;
    },
  };
  return { io, asked: () => asked };
}

describe('a stream key', () => {
  test('is asked for again where the server does not hear yet', async () => {
    const { io, asked } = deaf(2);
    expect(await lookUp({ streamKey: 'key', io, bus: { isReady: () => true }, signal })).toBe(info);
    expect(asked()).toBe(3);
  });

  test('is asked for once where Redis is away', async () => {
    const { io, asked } = deaf(1);
    const looking = lookUp({ streamKey: 'key', io, bus: { isReady: () => false }, signal });
    await expect(looking).rejects.toThrow('no response from servers');
    expect(asked()).toBe(1);
  });

  test('is asked for once where the server has answered with an error', async () => {
    const { io, asked } = deaf(1, 'internal');
    const looking = lookUp({ streamKey: 'key', io, bus: { isReady: () => true }, signal });
    await expect(looking).rejects.toThrow();
    expect(asked()).toBe(1);
  });
});
