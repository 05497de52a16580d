import type { ServerResponse } from 'node:http';

/** Answers in the form of OpenAI's API. Source of the shapes: platform.openai.com/docs/api-reference/chat. */
export function completion(options: { model: string; text: string; tokens: number | undefined }): object {
  const { model, text, tokens = 0 } = options;
  const message = { role: 'assistant', content: text };
  const usage = { prompt_tokens: 0, completion_tokens: tokens, total_tokens: tokens };
  return {
    ...head(model, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage,
  };
}

/** An answer that is sent as it comes, so that its first sentence is spoken while the others are on their way. */
export function streamedCompletion(options: { response: ServerResponse; model: string }): {
  /** Whether a part of it is on its way already. */
  hasBegun(): boolean;
  piece(text: string): void;
  end(): void;
} {
  const { response, model } = options;
  const base = head(model, 'chat.completion.chunk');
  const send = (delta: object, finish_reason: 'stop' | null) =>
    response.write(`data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    send({ role: 'assistant', content: '' }, null);
  };
  return {
    hasBegun: () => response.headersSent,
    piece: (content) => {
      begin();
      send({ content }, null);
    },
    end: () => {
      begin();
      send({}, 'stop');
      response.end('data: [DONE]\n\n');
    },
  };
}

function head(model: string, object: string): object {
  return { id: `chatcmpl-${crypto.randomUUID()}`, object, created: Math.floor(Date.now() / 1000), model };
}
