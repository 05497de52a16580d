// The same framework with its plain plugins, for comparison: it runs in the agent's image, beside its packages.
import { fileURLToPath } from 'node:url';
// @ts-expect-error: the package is in the agent's image
import { AgentServer, defineAgent, initializeLogger, ServerOptions, voice } from '@livekit/agents';
// @ts-expect-error: the package is in the agent's image
import { LLM, STT, TTS } from '@livekit/agents-plugin-openai';

const { LIVEKIT_URL, API_KEY, API_SECRET, HEARING_URL, SPEECH_URL, BRAIN_URL } = process.env;

// biome-ignore lint/style/noDefaultExport: the framework's rule
export default defineAgent({
  entry: async (job: { room: unknown; connect: () => Promise<void> }) => {
    const at = (url?: string) => ({ baseURL: `${url}/v1`, apiKey: 'none' });
    const session = new voice.AgentSession({
      stt: new STT({ ...at(HEARING_URL), model: 'whisper-1', language: 'en', useRealtime: false }),
      llm: new LLM({ ...at(BRAIN_URL), model: 'arc-brain' }),
      tts: new TTS({ ...at(SPEECH_URL), model: 'tts-1', voice: 'alloy' }),
    });
    await session.start({
      agent: new voice.Agent({ instructions: 'Answer.' }),
      room: job.room,
      record: false,
    });
    await job.connect();
    session.say('Hello.');
  },
});

// The framework imports this file for each conversation, too.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  initializeLogger({ pretty: false, level: 'info' });
  const options = new ServerOptions({
    agent: fileURLToPath(import.meta.url),
    wsURL: LIVEKIT_URL,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    port: 8090,
    loadFunc: async () => 0,
    initializeProcessTimeout: 60_000,
    production: true,
  });
  options.numIdleProcesses = 1;
  await new AgentServer(options).run();
}
