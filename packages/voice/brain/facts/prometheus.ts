import type { ServiceFact } from './facts.ts';

/** It is on the way of an answer, and a Prometheus of this stack answers in a few milliseconds. */
const patience = 700;

/** Whether a program's metrics could be read, and what exporters say of servers that have none themselves. */
const query = '{__name__=~"up|redis_up|pg_up"}';

/** One row of an instant query. */
type Sample = {
  metric?: { __name__?: unknown; role?: unknown; service?: unknown };
  value?: readonly unknown[];
};

/**
 * How the services are that Prometheus reads metrics from: whether the last reading worked. An exporter answers for
 * itself while its server is away, so a server with one is as the exporter says.
 *
 * @param options.url `http://arc-metrics:9090`
 * @throws Error where it does not answer in time, or not as Prometheus does
 */
export async function targetsOf(options: { url: string }): Promise<readonly ServiceFact[]> {
  const answer = await fetch(`${options.url}/api/v1/query?query=${encodeURIComponent(query)}`, {
    signal: AbortSignal.timeout(patience),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}`);
  const { data } = (await answer.json()) as { data?: { result?: unknown } };
  if (!Array.isArray(data?.result)) throw new Error('Prometheus did not answer with samples');
  return (data.result as Sample[]).flatMap(factOf);
}

function factOf({ metric, value }: Sample): readonly ServiceFact[] {
  const { __name__: series, role, service } = metric ?? {};
  if (typeof role !== 'string' || typeof service !== 'string') return [];
  const healthy = value?.[1] === '1';
  if (series !== 'up') return [{ name: service, healthy }];
  // What it says of its server counts. Without that, only that it is away.
  const isExporter = role === `${service}-metrics`;
  return isExporter && healthy ? [] : [{ name: role, healthy }];
}
