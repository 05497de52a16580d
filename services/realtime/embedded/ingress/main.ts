// The embedded ingress worker: node main.ts, with its configuration in INGRESS_CONFIG_FILE or INGRESS_CONFIG_BODY. INGRESS_AFFINITY,
// from 0.01 to 1, says how well it suits beside other workers, INGRESS_CORES how many cores its streams may take.
import { readFileSync } from 'node:fs';
import { parseAffinity } from '../worker/affinity.ts';
import { jsonLog } from '../worker/log.ts';
import { type IngressConfig, parseCores, parseIngressConfig } from './config.ts';
import { ingressWorker } from './worker.ts';

/** A configuration that is wrong does not become right by another start. */
const wrongConfiguration = 2;

type Settings = { config: IngressConfig; affinity: number; capacity?: number };

function settings(): Settings {
  const {
    INGRESS_CONFIG_FILE: file,
    INGRESS_CONFIG_BODY: body,
    INGRESS_AFFINITY,
    INGRESS_CORES,
  } = process.env;
  try {
    const cores = parseCores('INGRESS_CORES', INGRESS_CORES);
    const sharing = {
      affinity: parseAffinity('INGRESS_AFFINITY', INGRESS_AFFINITY),
      ...(cores === undefined ? {} : { capacity: cores }),
    };
    if (body) return { config: parseIngressConfig(body), ...sharing };
    if (file) return { config: parseIngressConfig(readFileSync(file, 'utf8')), ...sharing };
    throw new Error('INGRESS_CONFIG_FILE names no configuration');
  } catch (cause) {
    jsonLog('configuration', { error: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

try {
  const worker = await ingressWorker({ ...settings(), log: jsonLog });
  const stop = (): void => {
    jsonLog('stopping');
    void worker.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (cause) {
  jsonLog('start', { error: cause instanceof Error ? cause.message : String(cause) });
  process.exit(1);
}
