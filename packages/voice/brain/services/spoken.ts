import type { IncomingHttpHeaders } from 'node:http';
import { type Context, childOf, inContext, readTraceparent } from '../../../spans/context.ts';
import { HttpProblem } from '../../service/http/problem.ts';
import type { Events, Log } from '../events/events.ts';
import type { ToldEvent } from '../events/publisher.ts';

/** A sentence of an answer, as its agent had it spoken: from `at` to its last sound, and how long it sounds. */
type Sentence = { text: string; at: string; took_ms: number; sound_ms: number };

type Spoken = { user: string; session: string; room: string; sentences: readonly Sentence[] };

/** More than any answer has. */
const mostSentences = 100;

/**
 * Tells everybody what an agent has had spoken: for each sentence that it was asked for, and that its sound was there.
 * The answer comes before that, because the agent waits for nothing.
 *
 * @param options.voice who speaks; it rejects while that cannot be known
 * @returns a handler of `/v1/spoken`; it throws an HttpProblem 400
 */
export function spokenService(options: { events: Events; voice: () => Promise<string>; log: Log }) {
  const { events, voice, log } = options;
  return async (body: Record<string, unknown>, headers: IncomingHttpHeaders): Promise<object> => {
    const spoken = readSpoken(body);
    // Whose words they are has to be known, or nobody could forget them.
    if (spoken.user === '' || spoken.sentences.length === 0) return { told: 0 };
    const place = readTraceparent(textOf(headers.traceparent)) ?? childOf(undefined);
    const tell = async (): Promise<void> => {
      for (const event of eventsOf({ spoken, place, voice: await voice() })) events.tell(event);
    };
    void inContext(place, tell).catch((cause: unknown) =>
      log({ level: 'warning', message: 'what was spoken is not told', cause: String(cause) }),
    );
    return { told: spoken.sentences.length };
  };
}

/** A request and its end for each sentence, with the same id. */
export function eventsOf(options: { spoken: Spoken; place: Context; voice: string }): readonly ToldEvent[] {
  const { spoken, place, voice } = options;
  return spoken.sentences.flatMap(({ text, at, took_ms, sound_ms }): readonly ToldEvent[] => {
    const common = { request_id: crypto.randomUUID(), trace_id: place.traceId };
    return [
      {
        name: 'tts-request',
        data: {
          ...{ ...common, timestamp: at, user_id: spoken.user, text, voice_id: voice },
          ...{ session_id: spoken.session, target_room: spoken.room },
        },
      },
      {
        name: 'tts-completed',
        data: {
          ...{ ...common, timestamp: new Date(Date.parse(at) + took_ms).toISOString() },
          ...{ duration_ms: sound_ms, synthesis_latency_ms: took_ms },
          ...{ audio_format: 'pcm', ready_for_playback: true },
        },
      },
    ];
  });
}

/**
 * Who speaks behind `/v1/audio/speech`, as the server itself says; asked once.
 *
 * @param options.url of a server with OpenAI's API
 */
export function voiceOf(options: { url: string }): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    if (known !== undefined) return known;
    const answer = await fetch(`${options.url}/v1/models`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) throw new Error(`speech answered ${answer.status} about its models`);
    const { data } = (await answer.json()) as { data?: { id?: string; owned_by?: string }[] };
    const voice = data?.find(({ id }) => id === 'tts-1')?.owned_by;
    if (voice === undefined || voice === '') throw new Error('speech names no voice');
    known = voice;
    return voice;
  };
}

function readSpoken(body: Record<string, unknown>): Spoken {
  const { user, session, room, sentences } = body;
  for (const [name, value] of Object.entries({ user, session, room }))
    if (typeof value !== 'string') throw wrong(name, 'a text');
  if (!Array.isArray(sentences) || sentences.length > mostSentences || !sentences.every(isSentence))
    throw wrong('sentences', `a list of at most ${mostSentences} sentences with their times`);
  return { user, session, room, sentences } as Spoken;
}

function isSentence(value: unknown): value is Sentence {
  const { text, at, took_ms, sound_ms } = (value ?? {}) as Partial<Sentence>;
  const isTime = (time: unknown) => typeof time === 'number' && time >= 0;
  return (
    typeof text === 'string' &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    [took_ms, sound_ms].every(isTime)
  );
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

function wrong(param: string, what: string): HttpProblem {
  return new HttpProblem({
    ...{ status: 400, code: 'invalid_value', param },
    message: `\`${param}\` has to be ${what}.`,
  });
}
