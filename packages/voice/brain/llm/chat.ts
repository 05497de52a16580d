import { eventsOf } from './sse.ts';

/** A message as OpenAI's API has it. Source: platform.openai.com/docs/api-reference/chat. */
export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: readonly ToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export type ToolCall = { id: string; type: 'function'; function: { name: string; arguments: string } };

export type Tool = {
  type: 'function';
  function: { name: string; description: string; parameters: Readonly<Record<string, unknown>> };
};

/** A server with OpenAI's API, and a model of it. `url` ends before `/v1`. */
export type Model = { url: string; name: string; key: string };

/** What a model has said, whole. */
export type Said = { text: string; calls: readonly ToolCall[]; tokens: number | undefined };

/** Longest answer: more is not spoken in one turn. */
const mostTokens = 300;

/**
 * Asks a model, and passes its text on as it comes.
 *
 * @param options.onText gets each piece of the text
 * @throws Error where the server is away, refuses, or says what is none of its API
 */
export async function chat(options: {
  model: Model;
  messages: readonly Message[];
  tools: readonly Tool[];
  signal: AbortSignal;
  onText: (piece: string) => void;
}): Promise<Said> {
  const { model, messages, tools, signal, onText } = options;
  const answer = await fetch(`${model.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${model.key}`,
    },
    body: JSON.stringify({
      model: model.name,
      messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: mostTokens,
      ...(tools.length === 0 ? {} : { tools }),
    }),
    signal,
  });
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw new Error(`the model's server answered ${answer.status}`);
  }
  let text = '';
  let tokens: number | undefined;
  const calls = new Map<number, { id: string; name: string; arguments: string }>();
  for await (const data of eventsOf(answer.body)) {
    if (data === '[DONE]') break;
    const chunk = chunkOf(data);
    tokens = chunk.usage?.total_tokens ?? tokens;
    const delta = chunk.choices?.[0]?.delta;
    if (typeof delta?.content === 'string' && delta.content !== '') {
      text += delta.content;
      onText(delta.content);
    }
    for (const { index = 0, id, function: called } of delta?.tool_calls ?? []) {
      const known = calls.get(index) ?? { id: '', name: '', arguments: '' };
      calls.set(index, {
        id: known.id || (id ?? ''),
        name: known.name || (called?.name ?? ''),
        arguments: known.arguments + (called?.arguments ?? ''),
      });
    }
  }
  const named = [...calls.values()].map(({ id, ...called }) => ({
    id,
    type: 'function' as const,
    function: called,
  }));
  if (text === '' && named.length === 0) throw new Error('the model said nothing');
  return { text, calls: named, tokens };
}

type Chunk = {
  choices?: readonly {
    delta?: {
      content?: string | null;
      tool_calls?: readonly {
        index?: number;
        id?: string;
        function?: { name?: string; arguments?: string };
      }[];
    };
  }[];
  usage?: { total_tokens?: number } | null;
  error?: { message?: string };
};

function chunkOf(data: string): Chunk {
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error !== undefined)
    throw new Error(`the model's server failed: ${chunk.error.message ?? 'no reason'}`);
  return chunk;
}
