import type { Provider } from '../provider.ts';
import { query, queryRange } from './client.ts';
import { prometheusProbe } from './probe.ts';

/** Prometheus, and what answers its query API. */
export const prometheus: Provider = {
  name: 'prometheus',
  probe: prometheusProbe,
  metrics: { query, queryRange },
};
