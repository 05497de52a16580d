import { expect, it } from 'vitest';
import { ttsCompleted, ttsRequest } from '../../../contracts/typescript/events/agent.ts';
import { firstViolation } from '../../../contracts/typescript/validate.ts';
import { noEvents } from '../events/events.ts';
import type { ToldEvent } from '../events/publisher.ts';
import { spokenService } from './spoken.ts';

const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const sentence = {
  ...{ text: 'One room is open.', at: '2026-11-30T10:00:00.000Z' },
  ...{ took_ms: 300, sound_ms: 1200 },
};
const body = { user: 'ada', session: 's', room: 'demo', sentences: [sentence] };

async function tell(given: object, voice: () => Promise<string> = async () => 'piper-joe') {
  const told: ToldEvent[] = [];
  const logged: unknown[] = [];
  const events = { ...noEvents, tell: async (event: ToldEvent) => told.push(event) > 0 };
  const spoken = spokenService({ events, voice, log: (fields) => void logged.push(fields) });
  const answer = await spoken({ ...given }, { traceparent });
  await new Promise((resolve) => setImmediate(resolve));
  return { answer, told, logged };
}

it('tells what was asked of speech and what came of it, as the contracts have it', async () => {
  const { answer, told } = await tell(body);
  expect(answer).toEqual({ told: 1 });
  const [request, completed] = told;
  expect(request).toMatchObject({
    name: 'tts-request',
    data: {
      ...{ trace_id: '1'.repeat(32), timestamp: sentence.at, text: sentence.text, voice_id: 'piper-joe' },
      ...{ user_id: 'ada', session_id: 's', target_room: 'demo' },
    },
  });
  expect(completed).toMatchObject({
    name: 'tts-completed',
    data: {
      ...{ request_id: request?.data && 'request_id' in request.data && request.data.request_id },
      ...{ timestamp: '2026-11-30T10:00:00.300Z', duration_ms: 1200, synthesis_latency_ms: 300 },
    },
  });
  for (const [contract, event] of [
    [ttsRequest, request],
    [ttsCompleted, completed],
  ] as const)
    expect(
      firstViolation({ schema: contract.schema, value: event?.data, direction: 'publish' }),
    ).toBeUndefined();
});

it('tells nothing of words that are nobody’s', async () => {
  const { answer, told } = await tell({ ...body, user: '' });
  expect([answer, told]).toEqual([{ told: 0 }, []]);
});

it('tells nothing while nobody knows who speaks, and says so', async () => {
  const { told, logged } = await tell(body, () => Promise.reject(new Error('speech is away')));
  expect(told).toEqual([]);
  expect(logged).toMatchObject([{ level: 'warning', cause: 'Error: speech is away' }]);
});

it.each([
  [{ ...body, room: 7 }, '`room` has to be a text.'],
  [{ ...body, sentences: [{ ...sentence, at: 'soon' }] }, '`sentences` has to be a list'],
  [{ ...body, sentences: [{ ...sentence, took_ms: -1 }] }, '`sentences` has to be a list'],
])('refuses %o', async (given, message) => {
  await expect(tell(given)).rejects.toThrow(message);
});
