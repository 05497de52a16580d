import { describe, expect, it } from 'vitest';
import { readEmbeddingRequest, readSpeechRequest } from './speech-request.ts';

describe('what is to be spoken', () => {
  it('is WAV at the rate of the voice where nothing else is said', () => {
    expect(readSpeechRequest({ input: 'Hi.' })).toEqual({ text: 'Hi.', speed: 1, format: 'wav' });
  });

  it('is bare samples at 24 kHz where a client of OpenAI asks for them', () => {
    expect(readSpeechRequest({ input: 'Hi.', response_format: 'pcm' })).toMatchObject({
      format: 'pcm',
      rate: 24_000,
    });
  });

  it.each([
    [{}, 'input'],
    [{ input: '  ' }, 'input'],
    [{ input: 'x'.repeat(5000) }, 'input'],
    [{ input: 'x', speed: 9 }, 'speed'],
    [{ input: 'x', speed: '1' }, 'speed'],
    [{ input: 'x', response_format: 'mp3' }, 'response_format'],
    [{ input: 'x', rate: 1 }, 'rate'],
  ])('is refused by the field that is wrong (%#)', (body, param) => {
    expect(() => readSpeechRequest(body)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});

describe('what is to be embedded', () => {
  it('is a text or several', () => {
    expect(readEmbeddingRequest({ input: 'a' })).toEqual(['a']);
    expect(readEmbeddingRequest({ input: ['a', 'b'] })).toEqual(['a', 'b']);
  });

  it.each([
    [{}],
    [{ input: [] }],
    [{ input: [''] }],
    [{ input: [1] }],
    [{ input: new Array(300).fill('x') }],
  ])('is refused otherwise (%#)', (body) => {
    expect(() => readEmbeddingRequest(body)).toThrow(
      expect.objectContaining({ status: 400, param: 'input' }),
    );
  });
});
