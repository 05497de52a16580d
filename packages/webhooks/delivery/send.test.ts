import { expect, it } from 'vitest';
import { ContractError } from '../../contracts/typescript/problem.ts';
import type { Begin, Work } from '../../spans/spans.ts';
import { received } from '../events/received.fixture.ts';
import { sender } from './send.ts';

const body = JSON.stringify({
  event: 'participant_joined',
  id: 'EV_7',
  room: { sid: 'RM_1', name: 'hall' },
  participant: { sid: 'PA_1', identity: 'ada' },
});

/** A bus that answers each publish as told. */
function busOf(answer: (contract: string) => Error | undefined) {
  const calls: string[] = [];
  const told: string[] = [];
  const spans: string[] = [];
  const send = sender({
    bus: Promise.resolve({
      publish: async ({ contract, id, trace }) => {
        const failure = answer(contract.name);
        calls.push(
          `publish ${id} in ${trace?.traceparent?.slice(3, 9)}, of ${trace?.traceparent?.slice(36, 39)}`,
        );
        if (failure !== undefined) throw failure;
        return id ?? '';
      },
      putAside: async ({ id, cause }) => void calls.push(`put ${id} aside: ${cause.path}`),
    }),
    tell: {
      published: (message) => void told.push(`published ${message}`),
      dead: ({ contract }) => void told.push(`dead ${contract}`),
    },
    now: () => new Date('2026-11-30T12:00:00Z'),
    spans: {
      within: async ({ name, parent }: Begin, run) => {
        const number = spans.push(`${name} in ${parent?.slice(36, 39)}`);
        const fail: Work['fail'] = (cause) => void spans.push(`failed: ${cause}`);
        const traceparent = `${parent?.slice(0, 36)}00${number}${parent?.slice(39)}`;
        return await run({ traceparent, fail, set: () => {}, end: () => {} });
      },
    },
  });
  return { send, calls, told, spans };
}

it('publishes what the webhook means, and then the webhook, in the trace that it began', async () => {
  const { send, calls, told, spans } = busOf(() => undefined);
  await send(received({ id: 'EV_7', body }));
  expect(calls).toEqual([
    'publish EV_7.voice-session-started in 0af765, of 001',
    'publish EV_7.livekit-webhook in 0af765, of 002',
  ]);
  expect(spans).toEqual([
    'publish agent.voice.session.started in b7a',
    'publish agent.voice.webhook.received in b7a',
  ]);
  expect(told).toEqual(['published voice-session-started', 'published livekit-webhook']);
});

it('puts aside what breaks its contract, and goes on', async () => {
  const { send, calls, told, spans } = busOf((contract) =>
    contract === 'voice-session-started'
      ? new ContractError({ code: 'invalid', contract, path: '/room_sid', message: 'it is empty' })
      : undefined,
  );
  await send(received({ id: 'EV_7', body }));
  expect(calls).toEqual([
    'publish EV_7.voice-session-started in 0af765, of 001',
    'put EV_7.voice-session-started aside: /room_sid',
    'publish EV_7.livekit-webhook in 0af765, of 003',
  ]);
  expect(spans[1]).toMatch(/^failed: .*it is empty/);
  expect(told).toEqual(['dead voice-session-started', 'published livekit-webhook']);
});

it('fails where NATS does not answer, so that all of it is sent again', async () => {
  const { send, told } = busOf((contract) =>
    contract === 'livekit-webhook' ? new Error('timeout') : undefined,
  );
  await expect(send(received({ id: 'EV_7', body }))).rejects.toThrow('timeout');
  expect(told).toEqual(['published voice-session-started']);
});
