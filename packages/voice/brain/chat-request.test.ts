import { describe, expect, it } from 'vitest';
import { readChatRequest } from './chat-request.ts';

const user = (content: unknown) => ({
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content },
  ],
});

describe('a chat completion', () => {
  it('asks what the user said last, in the room and session that the agent names', () => {
    const metadata = { room: 'demo', session: 'AJ_1', user: 'ada' };
    const body = { ...user('Is it well?'), stream: true, metadata };
    const trace = 'a'.repeat(32);
    const headers = { traceparent: `00-${trace}-${'3'.repeat(16)}-01` };
    expect(readChatRequest(body, headers)).toEqual({
      question: { text: 'Is it well?', ...metadata, trace, before: '', earlier: [] },
      stream: true,
      model: 'arc-brain',
    });
  });

  it('belongs to the trace of its header, else to a new one', () => {
    const trace = '2'.repeat(32);
    const headers = { traceparent: `00-${trace}-${'3'.repeat(16)}-01` };
    expect(readChatRequest(user('Is it well?'), headers).question.trace).toBe(trace);
    for (const other of [{ traceparent: 'none' }, {}])
      expect(readChatRequest(user('Is it well?'), other).question.trace).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes what both said before as the context, and what the agent said last', () => {
    const messages = [
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Record this.' },
      { role: 'assistant', content: 'Shall I?' },
      { role: 'user', content: 'Yes.' },
    ];
    const { question } = readChatRequest({ messages });
    expect(question.before).toBe('Shall I?');
    expect(question.earlier).toEqual(messages.slice(0, 3));
  });

  it('takes a message of several parts', () => {
    const parts = [{ type: 'text', text: 'Is it' }, { type: 'image_url' }, { type: 'text', text: 'well?' }];
    expect(readChatRequest(user(parts)).question.text).toBe('Is it well?');
  });

  it.each([
    [{}, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: [null] }, 'messages'],
    [user(''), 'messages'],
    [user('x'.repeat(3000)), 'messages'],
    [{ ...user('x'), stream: 'yes' }, 'stream'],
    [{ ...user('x'), model: 7 }, 'model'],
  ])('is refused by the field that is wrong (%#)', (body, param) => {
    expect(() => readChatRequest(body)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});
