// The embedded ingress worker: node main.ts, with its configuration in INGRESS_CONFIG_FILE or INGRESS_CONFIG_BODY. INGRESS_AFFINITY,
// from 0.01 to 1, says how well it suits beside other workers, INGRESS_CORES how many cores its streams may take.
import { parseAffinity } from '../worker/affinity.ts';
import { jsonLog } from '../worker/log.ts';
import { runWorker } from '../worker/run.ts';
import { parseCores, parseIngressConfig } from './config.ts';
import { ingressWorker } from './worker.ts';

await runWorker({
  prefix: 'INGRESS',
  read: (configuration, { INGRESS_AFFINITY, INGRESS_CORES }) => {
    const capacity = parseCores('INGRESS_CORES', INGRESS_CORES);
    return {
      affinity: parseAffinity('INGRESS_AFFINITY', INGRESS_AFFINITY),
      config: parseIngressConfig(configuration),
      ...(capacity === undefined ? {} : { capacity }),
    };
  },
  start: (settings) => ingressWorker({ ...settings, log: jsonLog }),
});
