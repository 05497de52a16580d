import { expect, test } from 'vitest';
import { formatMessageLine } from './message-line.ts';

const event = {
  type: 'message',
  system: 'nats',
  subject: 'agent.voice.track.published',
  headers: { 'ce-time': '2026-11-30T12:00:00.123Z' },
  body: { track_kind: 'smell' },
  violations: [],
} as const;

test('a message is one line with its time, its subject and its body', () => {
  expect(formatMessageLine({ event, chalk: undefined })).toBe(
    '12:00:00.123 agent.voice.track.published {"track_kind":"smell"}\n',
  );
});

test('each fault of a body is a line below it', () => {
  const violations = [{ pointer: '/track_kind', message: 'must be "audio"' }];
  expect(formatMessageLine({ event: { ...event, violations }, chalk: undefined })).toContain(
    '\n  ! /track_kind must be "audio"\n',
  );
});

test('a body that is not JSON is shown as it is', () => {
  expect(formatMessageLine({ event: { ...event, headers: {}, body: 'hm' }, chalk: undefined })).toBe(
    'agent.voice.track.published hm\n',
  );
});
