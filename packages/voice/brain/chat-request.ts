import type { IncomingHttpHeaders } from 'node:http';
import { childOf, readTraceparent } from '../../spans/context.ts';
import { HttpProblem } from '../service/http/problem.ts';
import type { Question } from './skills/skill.ts';

/** A question in the form of OpenAI's chat completions. */
export type ChatRequest = { question: Question; stream: boolean; model: string };

/** No person says more in one turn. */
const longest = 2000;

/**
 * Reads the body of `/v1/chat/completions`: the last message of the user is the question. `metadata` names the room, the
 * session and the user, as the agent sends them.
 *
 * @throws HttpProblem 400, with the field
 */
export function readChatRequest(
  body: Record<string, unknown>,
  headers: IncomingHttpHeaders = {},
): ChatRequest {
  const wrong = (param: string, message: string) =>
    new HttpProblem({ status: 400, code: 'invalid_value', param, message });
  const { messages, stream = false, model = 'arc-brain', metadata } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw wrong('messages', '`messages` has to be a list of messages.');
  if (typeof stream !== 'boolean') throw wrong('stream', '`stream` has to be true or false.');
  if (typeof model !== 'string') throw wrong('model', '`model` has to be a text.');
  const last: unknown = messages.findLast((message: unknown) => fieldOf(message, 'role') === 'user');
  const text = textOf(fieldOf(last, 'content'));
  if (text === '') throw wrong('messages', 'No message of the user has a text.');
  if (text.length > longest)
    throw wrong('messages', `The question has ${text.length} characters; ${longest} are the most.`);
  const named = (name: string): string => {
    const value = fieldOf(metadata, name);
    return typeof value === 'string' ? value.slice(0, 200) : '';
  };
  const before = messages.findLast((message: unknown) => fieldOf(message, 'role') === 'assistant');
  return {
    question: {
      text,
      room: named('room'),
      session: named('session'),
      user: named('user'),
      trace: traceOf(headers.traceparent),
      before: textOf(fieldOf(before, 'content')),
      earlier: earlierOf(messages),
    },
    stream,
    model,
  };
}

/** The trace that a request belongs to; a new one where it names none. */
function traceOf(traceparent: string | string[] | undefined): string {
  const given = typeof traceparent === 'string' ? readTraceparent(traceparent) : undefined;
  return (given ?? childOf(undefined)).traceId;
}

/** How many messages of before a model is given: five turns. */
const mostEarlier = 10;

function earlierOf(messages: readonly unknown[]): Question['earlier'] {
  const last = messages.findLastIndex((message) => fieldOf(message, 'role') === 'user');
  const said = messages.slice(0, last).flatMap((message) => {
    const role = fieldOf(message, 'role');
    const content = textOf(fieldOf(message, 'content'));
    return (role === 'user' || role === 'assistant') && content !== '' ? [{ role, content } as const] : [];
  });
  return said.slice(-mostEarlier);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The content of a message is a text, or a list of parts of which some have a text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content.trim();
  if (!Array.isArray(content)) return '';
  const texts = content
    .map((part: unknown) => fieldOf(part, 'text'))
    .filter((text) => typeof text === 'string');
  return texts.join(' ').trim();
}
