import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const environment = {
  SPEECH_PORT: '8001',
  SPEECH_VOICE_FILE: '/voice.onnx',
  SPEECH_EMBEDDER_FILE: '/embedder.onnx',
  SPEECH_TOKENIZER_FILE: '/tokenizer.json',
  SPEECH_HEARING_URL: 'http://arc-speech-hearing:8002',
};

describe('where the work is done', () => {
  it('is here, unless it is said; hearing is another container’s', () => {
    const { speaking, hearing, embedding } = readConfig(environment, {});
    expect([speaking, embedding]).toEqual([{ kind: 'local' }, { kind: 'local' }]);
    expect(hearing).toEqual({ kind: 'remote', url: 'http://arc-speech-hearing:8002', key: undefined });
  });

  it.each([
    ['SPEECH_TTS', 'speaking'],
    ['SPEECH_STT', 'hearing'],
    ['SPEECH_EMBEDDINGS', 'embedding'],
  ] as const)('is at the URL of %s, with its key', (name, engine) => {
    const config = readConfig({ ...environment, [name]: 'https://api.example.com/' }, { [name]: 'the-key' });
    expect(config[engine]).toEqual({ kind: 'remote', url: 'https://api.example.com', key: 'the-key' });
  });

  it.each(['ftp://example.com', 'example.com', 'https://exa mple.com'])('is not at %s', (url) => {
    expect(() => readConfig({ ...environment, SPEECH_TTS: url }, {})).toThrow(
      'SPEECH_TTS has to be "local" or an http URL.',
    );
  });
});
