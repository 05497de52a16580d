import { createServer, type Server } from 'node:http';
import type { Health } from './health.ts';

/** Says how it is: `/` while it runs, `/health` in words, `/metrics` for Prometheus. */
export async function serve(options: {
  port: number;
  health: () => Health;
  metrics: () => string;
}): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);
    };
    switch (request.url) {
      case '/':
        answer(200, 'running\n');
        return;
      case '/health': {
        const { level, said } = options.health();
        answer(
          level === 'failed' ? 503 : 200,
          `${said}\n`,
          level === 'warning' ? { 'arc-health': 'warning' } : {},
        );
        return;
      }
      case '/metrics':
        answer(200, options.metrics(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        return;
      default:
        answer(404, 'not found\n');
    }
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, resolve);
  });
  return server;
}
