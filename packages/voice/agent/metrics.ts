import { createServer, type Server } from 'node:http';

/** What a worker is doing. */
export type WorkerFacts = {
  /** Conversations that it holds, and how many it may hold. */
  conversations: number;
  most: number;
};

/**
 * What a worker is doing, in Prometheus' text format. LiveKit Agents exports metrics in Python only; what it has there
 * as well has its names here.
 */
export function workerMetrics({ conversations, most }: WorkerFacts): string {
  return [
    ...gauge('lk_agents_active_job_count', 'Conversations that the worker holds.', conversations),
    ...gauge('lk_agents_worker_load', 'How full the worker is; at 1 it takes nobody.', conversations / most),
    ...gauge(
      'lk_agents_memory_bytes',
      'Memory of the worker without its conversations.',
      process.memoryUsage.rss(),
    ),
    '',
  ].join('\n');
}

/**
 * Serves `/metrics` beside the framework's own pages, which cannot be added to.
 *
 * @param options.more what others count, in the same format
 */
export async function serveMetrics(options: {
  port: number;
  facts: () => WorkerFacts;
  more: () => string;
}): Promise<Server> {
  const { port, facts, more } = options;
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end('not found\n');
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(workerMetrics(facts()) + more());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', resolve);
  });
  return server;
}

function gauge(name: string, help: string, value: number): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}
