import { readFileSync } from 'node:fs';
import { defineAgent, inference, type JobContext, type JobProcess, voice } from '@livekit/agents';
import { LLM } from '@livekit/agents-plugin-openai';
import localInference from '@livekit/local-inference';
import { OpenAI } from 'openai';
import { spansInto } from '../../spans/spans.ts';
import { type AgentConfig, readAgentConfig } from './config.ts';
import { confirmTurn } from './confirm-turn.ts';
import { type HearingTime, hearingTime } from './hearing/hearing-time.ts';
import { SpeculativeSpeechToText } from './hearing/speech-to-text.ts';
import { transcriber } from './hearing/transcribe.ts';
import { log } from './log.ts';
import { mendRaces } from './mend-races.ts';
import { followOrders } from './orders/follow-orders.ts';
import type { About } from './session/about.ts';
import { followSession } from './session/follow-session.ts';
import { tellSpoken } from './session/tell-spoken.ts';
import { followSpeech } from './speaking/being-spoken.ts';
import { type Sentence, spokenSentences } from './speaking/sentence.ts';
import { OrderedTextToSpeech } from './speaking/text-to-speech.ts';
import { brainFetch } from './thinking/brain-fetch.ts';
import { requestSpan, type Tracer } from './tracing/request-span.ts';
import { type TurnTraces, turnTraces } from './tracing/turn-traces.ts';
import { isBackchannel } from './turns/backchannel.ts';
import { silenceAfter } from './turns/silence-after.ts';
import { tellTurns } from './turns/tell-turns.ts';
import { WordsAndSoundTurnDetector } from './turns/turn-detector.ts';
import { newsTo } from './worker/news.ts';
import { isGreeted } from './worker/wants-agent.ts';

/** One conversation, in a process of its own. The framework loads this file there and wants its default export. */
// biome-ignore lint/style/noDefaultExport: the framework's rule
export default defineAgent({
  // What hears the end of a turn runs in a process of its own, for all conversations: here it would take 240 MB for nothing.
  prewarm: async (_: JobProcess) => {
    configOf();
    mendRaces();
    localInference.initVad();
  },
  entry: async (job: JobContext) => {
    const config = configOf();
    let isSpeaking = (): boolean => false;
    const about: About = { room: job.job.room?.name ?? '', session: job.job.id, user: '' };
    const news = newsTo(process);
    const spans = spansInto(process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? news.span : undefined);
    const attributes = { 'arc.room': about.room, 'arc.session': about.session };
    const turns = turnTraces({ spans, attributes, now: Date.now });
    const spoken = spokenSentences();
    const hearing = hearingTime();
    const given = {
      config,
      about,
      spans,
      turns,
      hearing,
      onSpoken: spoken.add,
      isSpeaking: () => isSpeaking(),
    };
    const session = new voice.AgentSession(optionsOf(given));
    isSpeaking = followSpeech(session);
    tellTurns({
      ...{ session, job, turns, hearing },
      onAnswered: (answer, figures) => {
        news.turn(figures);
        tellSpoken({ url: config.brain.url, about, answer, sentences: spoken.take(answer) }).catch(
          (cause: unknown) => log('error', 'spoken', { cause: String(cause) }),
        );
      },
    });
    followSession({ session, job, about, hearing, brainUrl: config.brain.url });
    session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
      log('error', 'session', { cause: String(error) });
      // Without an answer a caller would wait for ever.
      if (!isLost(error)) return;
      turns.lost(new Error('the brain did not answer'));
      session.say(config.fallback);
    });
    session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
      if (item.type !== 'message' || item.role !== 'user' || item.textContent === undefined) return;
      const turn = {
        url: config.brain.url,
        session: about.session,
        text: item.textContent,
        hearingMs: millisecondsOf(hearing.in(item.metrics).transcriptionDelay),
      };
      confirmTurn(turn).catch((cause: unknown) => {
        log('error', 'turn', { cause: String(cause) });
        session.say('I could not do that.');
      });
    });
    // Whoever it talked with left: the framework would leave a deaf agent in the room. Others who are there get a new one.
    session.on(voice.AgentSessionEventTypes.Close, () => {
      turns.close();
      job.shutdown('session closed');
    });
    await session.start({
      agent: new voice.Agent({ instructions: 'Answer briefly.' }),
      room: job.room,
      record: false,
    });
    followOrders({ session, job, secret: config.livekit.secret });
    await job.connect();
    log('info', 'joined', { room: about.room, session: about.session });
    // What arc's own checks say is nobody's, and is not kept.
    if (!isGreeted(about.room)) return;
    // Whom it listens to: the first who is there. The brain tells nobody what somebody else has said.
    void job.waitForParticipant().then(
      ({ identity }) => {
        about.user = identity;
      },
      () => undefined,
    );
    session.say(config.greeting, { allowInterruptions: true });
  },
});

/** Whether the brain did not answer, and is not asked again. */
function isLost(error: unknown): boolean {
  const { type, recoverable } = (error ?? {}) as { type?: string; recoverable?: boolean };
  return type === 'llm_error' && recoverable === false;
}

function millisecondsOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

function configOf(): AgentConfig {
  return readAgentConfig({ environment: process.env, read: (path) => readFileSync(path, 'utf8') });
}

function optionsOf(options: {
  config: AgentConfig;
  about: About;
  spans: Tracer;
  turns: TurnTraces;
  hearing: HearingTime;
  onSpoken: (sentence: Sentence) => void;
  isSpeaking: () => boolean;
}): ConstructorParameters<typeof voice.AgentSession>[0] {
  const { config, about, spans, turns: traces, hearing, onSpoken, isSpeaking } = options;
  const { turns } = config;
  let draft = '';
  const onError = (cause: unknown) => log('error', 'hearing', { cause: String(cause) });
  const transcribe = transcriber(config.speech);
  return {
    stt: new SpeculativeSpeechToText({
      speculateMs: turns.speculateMs,
      silenceToEnd: (text) => silenceAfter({ text, turns }),
      transcribe: (sound) =>
        requestSpan({ spans, name: 'agent.stt', part: traces.hearing(), signal: sound.signal }, () =>
          transcribe(sound),
        ),
      onDraft: (text) => {
        draft = text;
      },
      // What tells a "mm-hm" from an interruption by its sound is in LiveKit's cloud only.
      isTurn: (text) => !(isSpeaking() && isBackchannel(text)),
      onBegin: traces.speechBegan,
      onEnd: (isForAgent, seconds) => {
        if (isForAgent) hearing.heard(seconds);
        traces.utteranceEnded(isForAgent);
      },
      onError,
    }),
    llm: new LLM({
      client: new OpenAI({
        baseURL: `${config.brain.url}/v1`,
        apiKey: config.brain.key,
        // The framework asks again where it makes sense.
        maxRetries: 0,
        fetch: brainFetch({ spans, part: traces.asking }),
      }),
      model: config.brain.model,
      metadata: about,
    }),
    tts: new OrderedTextToSpeech({
      url: config.speech.url,
      rate: config.voiceRate,
      spans,
      part: traces.speaking,
      onSpoken,
    }),
    vad: new inference.VAD({ minSilenceDuration: turns.endMs }),
    turnHandling: {
      turnDetection:
        turns.detector === 'v1-mini'
          ? new WordsAndSoundTurnDetector({ text: () => draft })
          : ('stt' as const),
      endpointing: {
        mode: 'fixed',
        minDelay: turns.detector === 'v1-mini' ? turns.minDelayMs : 0,
        maxDelay: turns.maxDelayMs,
      },
      interruption: {
        mode: 'vad',
        // Milliseconds of voice until the agent is silent. A cough is as long: after it the agent goes on.
        minDuration: 150,
        resumeFalseInterruption: true,
        falseInterruptionTimeout: 1000,
      },
      preemptiveGeneration: { enabled: true, preemptiveTts: true },
    },
  };
}
