import { readFileSync } from 'node:fs';
import { openSpans } from '../../spans/spans.ts';
import { readConfig } from './config.ts';
import { loadEmbedder } from './embed/embedder.ts';
import { createMeasures } from './measures.ts';
import { createSpeechServer } from './serve.ts';
import { loadVoice } from './speak/voice.ts';

/** The text of a file that a variable names, without the line's end; none where the variable is not set. */
function keyOf(name: string): string | undefined {
  const path = process.env[name];
  if (path === undefined || path === '') return undefined;
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? undefined : text;
}

const config = readConfig(process.env, {
  SPEECH_TTS: keyOf('SPEECH_TTS_KEY_FILE'),
  SPEECH_STT: keyOf('SPEECH_STT_KEY_FILE'),
  SPEECH_EMBEDDINGS: keyOf('SPEECH_EMBEDDINGS_KEY_FILE'),
});
if (config.hearing.kind === 'local') throw new RangeError('Hearing has to have a URL.');
const [speaking, embedding] = await Promise.all([
  config.speaking.kind === 'local'
    ? { kind: 'local' as const, voice: await warmVoice(config.voice) }
    : config.speaking,
  config.embedding.kind === 'local'
    ? { kind: 'local' as const, embedder: await loadEmbedder(config.embedder) }
    : config.embedding,
]);
const spans = openSpans({ service: 'arc-speech' });
const server = createSpeechServer({
  spans,
  models: { speaking, embedding, hearing: config.hearing },
  measures: createMeasures(),
});
server.listen(config.port, '0.0.0.0');
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    server.close(() => void spans.close().finally(() => process.exit(0)));
    server.closeIdleConnections();
  });

/** The first sentence of a session takes several times as long as the others: so nobody waits for it. */
async function warmVoice(path: string) {
  const voice = await loadVoice(path);
  for await (const _ of voice.speak({ text: 'Ready.', speed: 1, signal: AbortSignal.timeout(60_000) }));
  return voice;
}
