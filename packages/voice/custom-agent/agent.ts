import { defineAgent, inference, type JobContext, voice } from '@livekit/agents';
import { LLM, STT, TTS } from '@livekit/agents-plugin-openai';
import { log } from '../agent/log.ts';
import { mendRaces } from '../agent/mend-races.ts';
import { followOrders } from '../agent/orders/follow-orders.ts';
import { readSettings } from './settings.ts';

/** Said when somebody is there. Change it, and the instructions below, to make the agent yours. */
const greeting = 'Hello. I am an agent of your own. What can I do for you?';
const instructions = 'You are a friendly guide. Answer in one or two short sentences.';

/** The services of the stack ask for no key. */
const apiKey = 'none';

/** One conversation, in a process of its own. The framework loads this file there and wants its default export. */
// biome-ignore lint/style/noDefaultExport: the framework's rule
export default defineAgent({
  entry: async (job: JobContext) => {
    mendRaces();
    const { speech, brain, livekit } = readSettings();
    const room = job.job.room?.name ?? '';
    const session = new voice.AgentSession({
      // Hears, thinks and speaks through OpenAI's API, so any server with it can take the place of the stack's own.
      stt: new STT({ baseURL: speech, apiKey, model: 'whisper-1', language: 'en', useRealtime: false }),
      llm: new LLM({ baseURL: brain, apiKey, model: 'arc-brain', metadata: { room } }),
      tts: new TTS({ baseURL: speech, apiKey, model: 'tts-1', voice: 'alloy' }),
      vad: new inference.VAD({ minSilenceDuration: 300 }),
      turnHandling: {
        turnDetection: new inference.TurnDetector({ version: 'v1-mini' }),
        endpointing: { mode: 'fixed', minDelay: 300, maxDelay: 1200 },
        interruption: { mode: 'vad', resumeFalseInterruption: true },
      },
    });
    session.on(voice.AgentSessionEventTypes.Error, ({ error }) =>
      log('error', 'session', { cause: String(error) }),
    );
    await session.start({ agent: new voice.Agent({ instructions }), room: job.room, record: false });
    followOrders({ session, job, secret: livekit.secret });
    await job.connect();
    log('info', 'joined', { room, session: job.job.id });
    session.say(greeting);
  },
});
