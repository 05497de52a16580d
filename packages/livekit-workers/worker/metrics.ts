import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';

/** One value with its labels; `value` is asked for at each reading. */
export type Gauge = {
  name: string;
  help: string;
  labels?: Readonly<Record<string, string>>;
  value: () => number;
};

/** Of the machine, from 0 to 1, as upstream's workers have it. */
export function cpuLoad(nodeType: 'EGRESS' | 'INGRESS'): Gauge {
  return {
    name: 'livekit_node_cpu_load',
    help: 'Load of the processors, from 0 to 1',
    labels: { node_type: nodeType },
    value: () => Math.min(1, (loadavg()[0] ?? 0) / cpus().length),
  };
}

/** The text format of Prometheus, version 0.0.4. Gauges of one name follow each other. */
export function metricsText(gauges: readonly Gauge[]): string {
  const lines: string[] = [];
  let before: string | undefined;
  for (const { name, help, labels = {}, value } of gauges) {
    if (name !== before) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
    before = name;
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    lines.push(`${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value()}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Shows the gauges at a port of their own, as upstream's workers do with `prometheus_port`.
 *
 * @param options.port 0: there is none
 * @throws when the port is taken
 */
export async function serveMetrics(options: {
  port: number;
  gauges: readonly Gauge[];
}): Promise<{ close: () => Promise<void> }> {
  const { port, gauges } = options;
  if (port === 0) return { close: async () => {} };
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', connection: 'close' });
    response.end(metricsText(gauges));
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
