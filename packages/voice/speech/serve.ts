import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { spanMetrics } from '../../spans/metrics.ts';
import type { Spans } from '../../spans/spans.ts';
import { headerOf } from '../service/http/header.ts';
import { HttpProblem, problemBody } from '../service/http/problem.ts';
import { readBody, readObject } from '../service/http/read-body.ts';
import { resampler } from './audio/resample.ts';
import { silenceTrimmer } from './audio/trim-silence.ts';
import { wavHead } from './audio/wav.ts';
import type { Engine } from './config.ts';
import type { Embedder } from './embed/embedder.ts';
import { forward } from './forward.ts';
import type { Measures } from './measures.ts';
import type { Voice } from './speak/voice.ts';
import { readEmbeddingRequest, readSpeechRequest } from './speech-request.ts';
import { Busy, takeTurns } from './turns.ts';

/** Ten minutes of sound as OpenAI's clients send it. */
const mostSound = 25 * 1024 * 1024;
const mostText = 256 * 1024;

/** What answers each path: a model of this program, or another server. */
export type Models = {
  speaking: { kind: 'local'; voice: Voice } | (Engine & { kind: 'remote' });
  embedding: { kind: 'local'; embedder: Embedder } | (Engine & { kind: 'remote' });
  hearing: Engine & { kind: 'remote' };
};

/** Paths whose requests are spans, by the name of the stage of a conversation that each is. */
const stages: Readonly<Record<string, string>> = {
  'POST /v1/audio/speech': 'speech.speak',
  'POST /v1/audio/transcriptions': 'speech.hear',
  'POST /v1/embeddings': 'speech.embed',
};

type Exchange = { request: IncomingMessage; response: ServerResponse; signal: AbortSignal };

/** A server of `/v1/audio/speech`, `/v1/audio/transcriptions`, `/v1/embeddings`, `/v1/models`, `/health`, `/metrics`. */
export function createSpeechServer(options: { models: Models; measures: Measures; spans: Spans }): Server {
  const { models, measures, spans } = options;
  const turns = takeTurns({ waiting: 8 });

  const routes: Readonly<Record<string, (exchange: Exchange) => Promise<void>>> = {
    'GET /health': async ({ response }) => json(response, { status: 'ok' }),
    'GET /metrics': async ({ response }) => {
      measures.waiting.set(turns.length);
      response.writeHead(200, { 'content-type': measures.registry.contentType });
      response.end((await measures.registry.metrics()) + spanMetrics(spans.counts()));
    },
    'GET /v1/models': async ({ response }) => json(response, modelsBody(models)),
    'POST /v1/audio/speech': (exchange) => speak(exchange),
    'POST /v1/embeddings': (exchange) => embed(exchange),
    'POST /v1/audio/transcriptions': (exchange) => hear(exchange, '/v1/audio/transcriptions'),
  };

  async function speak(exchange: Exchange): Promise<void> {
    const { request, response, signal } = exchange;
    if (models.speaking.kind === 'remote')
      return await forward({
        ...exchange,
        engine: models.speaking,
        path: '/v1/audio/speech',
        body: await readBody(request, mostText),
      });
    const { voice } = models.speaking;
    const began = performance.now();
    const { text, speed, format, rate = voice.rate } = readSpeechRequest(await readObject(request, mostText));
    const done = await turns.take();
    try {
      const resample = resampler({ from: voice.rate, to: rate });
      const trim = silenceTrimmer(voice.rate);
      for await (const piece of voice.speak({ text, speed, signal })) {
        const samples = resample(trim(piece));
        if (samples.length === 0) continue;
        if (!response.headersSent) {
          measures.firstAudio.observe((performance.now() - began) / 1000);
          response.writeHead(200, {
            'content-type': format === 'wav' ? 'audio/wav' : `audio/pcm;rate=${rate}`,
          });
          if (format === 'wav') response.write(wavHead(rate));
        }
        measures.spoken.inc(samples.length / rate);
        response.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
      }
      if (!response.headersSent && !signal.aborted)
        throw new HttpProblem({
          status: 400,
          code: 'nothing_to_say',
          param: 'input',
          message: '`input` has no sound.',
        });
      response.end();
    } finally {
      done();
    }
  }

  async function embed(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const began = performance.now();
    if (models.embedding.kind === 'remote')
      return await forward({
        ...exchange,
        engine: models.embedding,
        path: '/v1/embeddings',
        body: await readBody(request, mostText),
      });
    const { embedder } = models.embedding;
    const data: object[] = [];
    let tokens = 0;
    for (const [index, text] of readEmbeddingRequest(await readObject(request, mostText)).entries()) {
      const { vector, tokens: count } = await embedder.embed(text);
      tokens += count;
      data.push({ object: 'embedding', index, embedding: [...vector] });
    }
    measures.embedding.observe((performance.now() - began) / 1000);
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    json(response, { object: 'list', data, model: 'all-minilm-l6-v2', usage });
  }

  async function hear(exchange: Exchange, path: string): Promise<void> {
    const began = performance.now();
    const body = await readBody(exchange.request, mostSound);
    await forward({ ...exchange, engine: models.hearing, path, body });
    measures.transcription.observe((performance.now() - began) / 1000);
  }

  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const route = `${request.method} ${path}`;
    const handle = routes[route];
    response.on('finish', () => {
      measures.requests.inc({ path: handle === undefined ? 'other' : path, status: response.statusCode });
    });
    const exchange = { request, response, signal: gone.signal };
    const stage = stages[route];
    const answered =
      handle === undefined
        ? Promise.reject(unknown(request, path))
        : stage === undefined
          ? handle(exchange)
          : spans.within(
              { name: stage, kind: 'server', parent: headerOf(request, 'traceparent') },
              async () => await handle(exchange),
            );
    answered.catch((cause: unknown) => fail({ response, cause, gone: gone.signal }));
  });
}

function unknown(request: IncomingMessage, path: string): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'unknown_path',
    message: `There is no ${request.method} ${path}.`,
  });
}

/** Ends an exchange that failed. Where sound is on its way already, only a broken connection says so. */
function fail(options: { response: ServerResponse; cause: unknown; gone: AbortSignal }): void {
  const { response, cause, gone } = options;
  if (gone.aborted || response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(cause);
  if (problem.status === 500)
    process.stderr.write(`${JSON.stringify({ level: 'error', message: String(cause) })}\n`);
  response.setHeader('connection', 'close');
  json(response, problemBody(problem), problem.status);
}

function problemOf(cause: unknown): HttpProblem {
  if (cause instanceof HttpProblem) return cause;
  if (cause instanceof Busy)
    return new HttpProblem({ status: 429, code: 'busy', message: `Too much at once: ${cause.message}.` });
  return new HttpProblem({
    status: 500,
    code: 'internal',
    message: 'This program failed; its log says why.',
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

function modelsBody(models: Models): object {
  const data = [
    { id: 'tts-1', local: 'piper-en_US-joe-medium', engine: models.speaking },
    { id: 'whisper-1', local: 'whisper-tiny.en', engine: models.hearing },
    { id: 'text-embedding', local: 'all-minilm-l6-v2', engine: models.embedding },
  ].map(({ id, local, engine }) => ({
    id,
    object: 'model',
    owned_by: engine.kind === 'local' ? local : engine.url,
  }));
  return { object: 'list', data };
}
