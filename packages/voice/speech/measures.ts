import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What this program counts, for `/metrics`. */
export type Measures = ReturnType<typeof createMeasures>;

const seconds = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10];

export function createMeasures() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'speech_requests_total',
      help: 'Requests, by path and status.',
      labelNames: ['path', 'status'],
      registers,
    }),
    firstAudio: new Histogram({
      name: 'speech_first_audio_seconds',
      help: 'From a request to its first sound.',
      buckets: seconds,
      registers,
    }),
    transcription: new Histogram({
      name: 'speech_transcription_seconds',
      help: 'From a request to its text.',
      buckets: seconds,
      registers,
    }),
    embedding: new Histogram({
      name: 'speech_embedding_seconds',
      help: 'From a request to its vectors.',
      buckets: seconds,
      registers,
    }),
    spoken: new Counter({ name: 'speech_spoken_seconds_total', help: 'Sound that was made.', registers }),
    waiting: new Gauge({ name: 'speech_waiting', help: 'Texts that are spoken or wait for it.', registers }),
  };
}
