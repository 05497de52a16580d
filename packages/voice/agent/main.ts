import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AgentServer, initializeLogger, type JobRequest, ServerOptions } from '@livekit/agents';
import { readAgentConfig } from './config.ts';
import { log } from './log.ts';
import { serveMetrics } from './metrics.ts';
import { conversations } from './worker/conversations.ts';
import { followProcesses } from './worker/follow-processes.ts';
import { newsDesk } from './worker/news-desk.ts';
import { openRooms } from './worker/rooms.ts';
import { tendRooms } from './worker/tend-rooms.ts';
import { wantsAgent } from './worker/wants-agent.ts';

const config = readAgentConfig({ environment: process.env, read: (path) => readFileSync(path, 'utf8') });
initializeLogger({ pretty: false, level: process.env.AGENT_LOG_LEVEL ?? 'info' });

const held = conversations();
const count = () => held.count(performance.now());
const free = () => config.most - count();
const desk = newsDesk({ receiver: process.env.OTEL_EXPORTER_OTLP_ENDPOINT });
await followProcesses({ onStart: held.started, onEnd: held.ended, onNews: desk.take });

const options = new ServerOptions({
  agent: fileURLToPath(new URL('agent.ts', import.meta.url)),
  wsURL: config.livekit.url,
  apiKey: config.livekit.key,
  apiSecret: config.livekit.secret,
  host: '0.0.0.0',
  port: config.port,
  requestFunc: answer,
  // The framework's own measure is the processor of the whole machine: a worker on a busy laptop would take nobody. This
  // one is never full to the server, which would not ask it and tell nobody; `answer` says no instead.
  loadFunc: async () => 0,
  loadThreshold: 1,
  initializeProcessTimeout: 60_000,
  production: true,
});
// The constructor takes 0 for "nothing said", and keeps one spare process for each core.
options.numIdleProcesses = config.spare;
const server = new AgentServer(options);
const metrics = await serveMetrics({
  port: config.metricsPort,
  facts: () => ({ conversations: count(), most: config.most }),
  more: desk.metrics,
});

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    stopping.abort();
    log('info', 'draining', { conversations: count() });
    await server.drain().catch((cause: unknown) => log('error', 'drain', { cause: String(cause) }));
    await server.close();
    metrics.close();
    await desk.close();
    process.exit(0);
  });

/** Conversations begin in processes of their own, so a fault there is looked for before the first caller meets it. */
async function warmUp(): Promise<void> {
  const file = fileURLToPath(new URL('warm-up.ts', import.meta.url));
  try {
    await promisify(execFile)(process.execPath, [file]);
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    process.stderr.write(stdout + stderr);
    log('error', 'warm-up failed', { cause: cause instanceof Error ? cause.message.split('\n')[0] : '' });
    process.exit(1);
  }
}

async function answer(request: JobRequest): Promise<void> {
  const { name = '', metadata = '' } = request.room ?? {};
  if (free() <= 0 || !wantsAgent({ name, metadata })) return await request.reject();
  held.accepted(request.id, name, performance.now());
  await request.accept();
}

void warmUp();
void tendRooms({
  rooms: openRooms(config.livekit),
  free,
  isServed: (room) => held.isIn(room, performance.now()),
  signal: stopping.signal,
});
await server.run();
