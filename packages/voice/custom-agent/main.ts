import { fileURLToPath } from 'node:url';
import { AgentServer, initializeLogger, ServerOptions } from '@livekit/agents';
import { readSettings } from './settings.ts';

// The worker: it registers with LiveKit, and starts a process that runs agent.ts for each conversation.
const { livekit, name, port, most } = readSettings();
initializeLogger({ pretty: false, level: 'info' });
const options = new ServerOptions({
  agent: fileURLToPath(new URL('agent.ts', import.meta.url)),
  agentName: name,
  wsURL: livekit.url,
  apiKey: livekit.key,
  apiSecret: livekit.secret,
  host: '0.0.0.0',
  port,
  // The framework's own measure is the processor of the whole machine: a worker on a busy laptop would take nobody.
  loadFunc: async (worker) => worker.activeJobs.length / most,
  loadThreshold: 1,
  initializeProcessTimeout: 60_000,
  production: true,
});
// The constructor takes 0 for "nothing said", and keeps one spare process for each core.
options.numIdleProcesses = 0;
const server = new AgentServer(options);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    await server.drain().catch((cause: unknown) => process.stderr.write(`${String(cause)}\n`));
    await server.close();
    process.exit(0);
  });
await server.run();
