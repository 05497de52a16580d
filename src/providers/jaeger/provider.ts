import type { Provider } from '../provider.ts';
import { jaegerProbe } from './probe.ts';
import { jaegerTraces } from './query.ts';

/** Jaeger 2, asked by its query API. */
export const jaeger: Provider = { name: 'jaeger', probe: jaegerProbe, traces: jaegerTraces };
