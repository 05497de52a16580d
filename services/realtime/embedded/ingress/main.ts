// The embedded ingress worker: node main.ts, with its configuration in INGRESS_CONFIG_FILE or INGRESS_CONFIG_BODY.
import { readFileSync } from 'node:fs';
import { jsonLog } from '../worker/log.ts';
import { parseIngressConfig } from './config.ts';
import { ingressWorker } from './worker.ts';

/** A configuration that is wrong does not become right by another start. */
const wrongConfiguration = 2;

function configuration(): ReturnType<typeof parseIngressConfig> {
  const { INGRESS_CONFIG_FILE: file, INGRESS_CONFIG_BODY: body } = process.env;
  try {
    if (body) return parseIngressConfig(body);
    if (file) return parseIngressConfig(readFileSync(file, 'utf8'));
    throw new Error('INGRESS_CONFIG_FILE names no configuration');
  } catch (cause) {
    jsonLog('configuration', { error: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

try {
  const worker = await ingressWorker({ config: configuration(), log: jsonLog });
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
