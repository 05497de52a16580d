import type { Provider } from '../provider.ts';
import { storeProbe } from '../store-probe.ts';
import { victorialogsStore } from './store.ts';

/** VictoriaLogs, which keeps logs. */
export const victorialogs: Provider = {
  name: 'victorialogs',
  probe: storeProbe({ kind: 'victorialogs', store: victorialogsStore }),
  logs: victorialogsStore,
};
