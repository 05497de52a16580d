import type { Provider } from '../provider.ts';
import { storeProbe } from '../store-probe.ts';
import { lokiStore } from './store.ts';

/** Loki, which keeps logs. */
export const loki: Provider = {
  name: 'loki',
  probe: storeProbe({ kind: 'loki', store: lokiStore }),
  logs: lokiStore,
};
