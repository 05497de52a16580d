import { expect, it } from 'vitest';
import { readAgentConfig } from './config.ts';

const environment = {
  LIVEKIT_URL: 'ws://realtime:7880',
  LIVEKIT_API_KEY_FILE: '/key',
  LIVEKIT_API_SECRET_FILE: '/secret',
  SPEECH_URL: 'http://speech:8001',
  BRAIN_URL: 'http://brain:8000',
};
const read = (path: string) => `text of ${path}\n`;

it('reads keys from files, without the end of the line', () => {
  const { livekit } = readAgentConfig({ environment, read });
  expect(livekit).toEqual({ url: 'ws://realtime:7880', key: 'text of /key', secret: 'text of /secret' });
});

it.each([
  [{ LIVEKIT_URL: '' }, 'LIVEKIT_URL is not set.'],
  [{ AGENT_END_MS: '10' }, 'AGENT_END_MS has to be a whole number from 96 to 2000.'],
  [{ AGENT_MOST_CONVERSATIONS: 'many' }, 'AGENT_MOST_CONVERSATIONS has to be a whole number from 1 to 64.'],
  [{ AGENT_TURN_DETECTOR: 'v1' }, 'AGENT_TURN_DETECTOR has to be v1-mini or silence.'],
])('refuses %o by the name of the variable', (changed, message) => {
  expect(() => readAgentConfig({ environment: { ...environment, ...changed }, read })).toThrow(message);
});
