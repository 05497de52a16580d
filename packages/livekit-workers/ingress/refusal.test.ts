import { IngressInfo, IngressState, IngressState_Status as Status } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { tellRefusal } from './refusal.ts';

/** States that the server is told of an ingress of which it has known this. */
async function toldWhere(known: IngressState | undefined, telling?: Promise<never>): Promise<string[]> {
  const told: string[] = [];
  await tellRefusal({
    info: new IngressInfo({ ingressId: 'IN_1', ...(known ? { state: known } : {}) }),
    error: 'session is disabled',
    io: {
      updateIngressState: async (ingressId, { status, error }) => {
        told.push(`${ingressId} ${Status[status]} ${error}`);
        await telling;
      },
    },
    log: () => {},
    report: (cause) => told.push(String(cause)),
    signal: new AbortController().signal,
  });
  return told;
}

describe('an encoder that is refused', () => {
  it.each([
    ['never was live', undefined],
    ['was live before', new IngressState({ status: Status.ENDPOINT_INACTIVE })],
    ['was refused before', new IngressState({ status: Status.ENDPOINT_ERROR })],
  ])('is told to the server where its ingress %s', async (_, known) => {
    expect(await toldWhere(known)).toEqual(['IN_1 ENDPOINT_ERROR session is disabled']);
  });

  it.each([Status.ENDPOINT_BUFFERING, Status.ENDPOINT_PUBLISHING])(
    'changes nothing of a stream that is live at another worker (%i)',
    async (status) => {
      expect(await toldWhere(new IngressState({ status }))).toEqual([]);
    },
  );

  it('is refused all the same where the server cannot be told', async () => {
    const told = await toldWhere(undefined, Promise.reject(new Error('away')));
    expect(told.at(-1)).toBe('Error: away');
  });
});
