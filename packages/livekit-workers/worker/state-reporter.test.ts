import { setTimeout as sleep } from 'node:timers/promises';
import { IngressState } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { RpcError } from '../rpc/error.ts';
import { stateReporter } from './state-reporter.ts';

const state = (error: string): IngressState => new IngressState({ error });
const reporter = (send: (state: IngressState) => Promise<void>) =>
  stateReporter<IngressState>({ send, signal: new AbortController().signal });

describe('what a job does', () => {
  it('is told in its order, and what was overtaken on the way is not', async () => {
    const told: string[] = [];
    const states = reporter(async ({ error }) => {
      await Promise.resolve();
      told.push(error);
    });
    for (const error of ['first', 'second', 'third']) states.report(state(error));
    await states.settled();
    expect(told).toEqual(['first', 'third']);
  });

  it.each([1, 2, 3, 4, 5])(
    'is settled when the last state is told, also one that comes %i steps after another',
    async (steps) => {
      const told: string[] = [];
      const later = async (): Promise<void> => {
        for (let step = 0; step < steps; step++) await undefined;
        states.report(state('late'));
      };
      const states = reporter(async ({ error }) => {
        if (error === 'first') void later();
        else await sleep(1);
        told.push(error);
      });
      states.report(state('first'));
      await states.settled();
      expect(told).toEqual(['first', 'late']);
    },
  );

  it('is settled where nobody wants to know it', async () => {
    const states = reporter(async () => {
      throw new RpcError('not_found', 'ingress does not exist');
    });
    states.report(state('last'));
    await states.settled();
  });
});
