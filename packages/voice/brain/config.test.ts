import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const least = {
  BRAIN_PORT: '8000',
  LIVEKIT_URL: 'http://arc-realtime:7880',
  LIVEKIT_API_KEY_FILE: 'key',
  LIVEKIT_API_SECRET_FILE: 'secret',
  SPEECH_URL: 'http://arc-speech:8001',
  BRAIN_FOLDER: '/var/lib/brain',
  BRAIN_DOCS: '/opt/docs',
  BRAIN_KEEP_DAYS: '30',
  BRAIN_SQL: '',
  NATS_URL: '',
  BRAIN_BASE_URL: 'local',
};
const read = (path: string) => `${path}'s text\n`;

it('needs neither SQL nor NATS nor Prometheus nor a model', () => {
  const config = readConfig({ environment: least, read });
  expect(config).toMatchObject({ sql: undefined, keys: undefined, nats: undefined, model: undefined });
  expect(config.metrics).toBeUndefined();
  expect(config.livekit.key).toBe("key's text");
});

it('logs in with the passwords of its two roles', () => {
  const environment = {
    ...least,
    BRAIN_SQL: 'arc-sql:5432',
    BRAIN_SQL_PASSWORD_FILE: 'a/b',
    BRAIN_KEYS_PASSWORD_FILE: 'k',
  };
  expect(readConfig({ environment, read })).toMatchObject({
    sql: { url: "postgres://voice_agent:a%2Fb's%20text@arc-sql:5432/arc" },
    keys: { url: "postgres://contract_keys:k's%20text@arc-sql:5432/arc" },
  });
});

it('asks a model at an address with or without /v1, with a key', () => {
  const environment = {
    ...least,
    ...{ BRAIN_BASE_URL: 'https://llm.example/v1/', BRAIN_MODEL: 'm', BRAIN_KEY_FILE: 'f' },
  };
  expect(readConfig({ environment, read: () => 'sk-1\n' }).model).toEqual({
    url: 'https://llm.example',
    name: 'm',
    key: 'sk-1',
  });
});

it.each([
  ['BRAIN_PORT', '', 'BRAIN_PORT is not set.'],
  ['BRAIN_KEEP_DAYS', 'x', 'BRAIN_KEEP_DAYS has to be a whole number from 1 to 3650.'],
  ['BRAIN_BASE_URL', 'llm', 'BRAIN_BASE_URL has to be "local" or an http URL.'],
])('names %s where it is "%s"', (name, value, message) => {
  expect(() => readConfig({ environment: { ...least, [name]: value }, read })).toThrow(message);
});
