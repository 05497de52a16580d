import { setTimeout as sleep } from 'node:timers/promises';
import { optionalText, textField } from '../../core/data.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import { origin } from '../../core/socket-address.ts';
import type { MetricsServer, Series } from '../metrics-source.ts';
import { exportedMetrics, firingAlerts, loadedAt, query, targets } from './client.ts';
import { judgeAlerts, judgeMove, judgeNames, judgeTargets } from './judge.ts';

type Aspect = 'targets' | 'names' | 'alerts' | 'moved';

const questions: Readonly<Record<Aspect, string>> = {
  targets: 'who is read by',
  names: 'names and types of metrics in',
  alerts: 'alerts of',
  moved: 'a metric that moved in',
};

/** With the longest interval that manifests can give, and time for a reading that is late. */
const slowestReading = 45_000;

/** How often a new reading is looked for. */
const lookMilliseconds = 250;

/** Whether metrics arrive, are those that services declare, and what their alerts say. */
export const prometheusProbe: ProbeKind = {
  kind: 'prometheus',
  slow: (fields) => (fields.aspect === 'moved' ? { longest: slowestReading } : undefined),
  ask: ({ fields, address, timeoutMilliseconds, deep = false, signal }) => {
    const aspect = textField(fields, 'aspect') as Aspect;
    const expected = (optionalText(fields, 'expects') ?? '').split(/\s+/).filter((word) => word !== '');
    return ask({
      question: `${questions[aspect]} ${origin(address)}`,
      timeoutMilliseconds,
      signal,
      run: (over) => answer({ aspect, expected, deep, server: { address, signal: over } }),
    });
  },
};

async function answer(options: {
  aspect: Aspect;
  expected: readonly string[];
  deep: boolean;
  server: MetricsServer;
}): Promise<Reply> {
  const { aspect, expected, deep, server } = options;
  const now = new Date();
  switch (aspect) {
    case 'targets': {
      const [seen, loaded] = await Promise.all([targets(server), loadedAt(server)]);
      return judgeTargets({ jobs: expected, targets: seen, loaded, now });
    }
    case 'names': {
      const [found, seen] = await Promise.all([exportedMetrics(server), targets(server)]);
      return judgeNames({ declared: expected, exported: found, targets: seen });
    }
    case 'alerts':
      return judgeAlerts({ firing: await firingAlerts(server), now });
    case 'moved': {
      const [metric = ''] = expected;
      const series = await (deep ? nextReading : readings)({ server, metric, since: now });
      const [seen, loaded] = await Promise.all([targets(server), loadedAt(server)]);
      return judgeMove({ metric, series, targets: seen, loaded, now: new Date() });
    }
    default:
      return aspect satisfies never;
  }
}

type Reading = { server: MetricsServer; metric: string; since: Date };

function readings({ server, metric }: Reading): Promise<readonly Series[]> {
  return query(server, `${metric}[5m]`);
}

/** Waits until the metric was read again. */
async function nextReading(options: Reading): Promise<readonly Series[]> {
  for (;;) {
    const series = await readings(options);
    const isNew = series.some(({ points }) => points.some(({ at }) => at * 1000 > +options.since));
    if (isNew) return series;
    await sleep(lookMilliseconds, undefined, { signal: options.server.signal });
  }
}
