import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { completion, streamedCompletion } from '../service/http/completion.ts';
import { headerOf } from '../service/http/header.ts';
import { HttpProblem, problemBody } from '../service/http/problem.ts';
import { readObject } from '../service/http/read-body.ts';
import { readChatRequest } from './chat-request.ts';
import type { Conversations } from './converse.ts';

const mostText = 256 * 1024;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What this program does beside conversations. Each gets the body of a request, and gives that of an answer. */
export type Services = {
  /** Whether it works as it should, for `arc health`. */
  health(): { level: 'ok' | 'warning' | 'failed'; said: string };
  metrics(): Promise<{ text: string; contentType: string }>;
  posts: Readonly<
    Record<string, (body: Record<string, unknown>, headers: IncomingHttpHeaders) => Promise<object>>
  >;
};

/** A server of OpenAI's chat completions over skills, and of what belongs to conversations. */
export function createBrainServer(options: { talk: Conversations; services: Services }): Server {
  const { talk, services } = options;

  const complete: Handler = async (request, response) => {
    const { question, stream, model } = readChatRequest(await readObject(request, mostText), request.headers);
    if (!stream) {
      const { text, tokens } = await talk.answer(question, () => undefined, headerOf(request, 'traceparent'));
      return json(response, completion({ model, text, tokens }));
    }
    const sent = streamedCompletion({ response, model });
    const reply = await talk.answer(question, sent.piece, headerOf(request, 'traceparent'));
    // Skills say all at once; a model has sent it already.
    if (!sent.hasBegun()) for (const content of reply.text.split(/(?<=[.!?] )/u)) sent.piece(content);
    sent.end();
  };

  const certain: Handler = async (request, response) => {
    const { session, text, hearing_ms } = await readObject(request, mostText);
    if (typeof session !== 'string' || typeof text !== 'string')
      throw new HttpProblem({
        status: 400,
        code: 'invalid_value',
        message: '`session` and `text` have to be texts.',
      });
    const hearingMs = typeof hearing_ms === 'number' && hearing_ms >= 0 ? hearing_ms : undefined;
    json(response, await talk.certain({ session, text: text.trim(), hearingMs }));
  };

  const models = { object: 'list', data: [{ id: 'arc-brain', object: 'model', owned_by: 'arc' }] };
  const routes: Readonly<Record<string, Handler>> = {
    'GET /health': async (_, response) => json(response, { status: 'ok' }),
    'GET /state': async (_, response) => {
      const { level, said } = services.health();
      const head = {
        'content-type': 'text/plain',
        ...(level === 'warning' ? { 'arc-health': 'warning' } : {}),
      };
      response.writeHead(level === 'failed' ? 503 : 200, head);
      response.end(`${said}\n`);
    },
    'GET /v1/models': async (_, response) => json(response, models),
    'GET /metrics': async (_, response) => {
      const { text, contentType } = await services.metrics();
      response.writeHead(200, { 'content-type': contentType });
      response.end(text);
    },
    'POST /v1/chat/completions': complete,
    'POST /v1/turns': certain,
    ...Object.fromEntries(
      Object.entries(services.posts).map(([path, work]) => {
        const handler: Handler = async (request, response) =>
          json(response, await work(await readObject(request, mostText), request.headers));
        return [`POST ${path}`, handler] as const;
      }),
    ),
  };

  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const message = `There is no ${request.method} ${path}.`;
    const handle =
      routes[`${request.method} ${path}`] ??
      (() => Promise.reject(new HttpProblem({ status: 404, code: 'unknown_path', message })));
    handle(request, response).catch((cause: unknown) => {
      if (response.headersSent) return void response.destroy();
      const known = cause instanceof HttpProblem ? cause : undefined;
      if (known === undefined)
        process.stderr.write(`${JSON.stringify({ level: 'error', message: String(cause) })}\n`);
      const text = 'This program failed; its log says why.';
      const problem = known ?? new HttpProblem({ status: 500, code: 'internal', message: text });
      response.setHeader('connection', 'close');
      json(response, problemBody(problem), problem.status);
    });
  });
}

function json(response: ServerResponse, body: object, status = 200): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
