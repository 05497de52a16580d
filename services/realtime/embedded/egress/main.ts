// The embedded egress worker: node main.ts, with its configuration in EGRESS_CONFIG_FILE or EGRESS_CONFIG_BODY, and recordings
// in EGRESS_SCRATCH until they are in their bucket. EGRESS_AFFINITY, from 0.01 to 1, says how well it suits beside other workers.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAffinity } from '../worker/affinity.ts';
import { jsonLog } from '../worker/log.ts';
import { type EgressConfig, parseEgressConfig } from './config.ts';
import { egressWorker } from './worker.ts';

/** A configuration that is wrong does not become right by another start. */
const wrongConfiguration = 2;

function configuration(): { config: EgressConfig; affinity: number } {
  const { EGRESS_CONFIG_FILE: file, EGRESS_CONFIG_BODY: body, EGRESS_AFFINITY } = process.env;
  try {
    const affinity = parseAffinity('EGRESS_AFFINITY', EGRESS_AFFINITY);
    if (body) return { config: parseEgressConfig(body), affinity };
    if (file) return { config: parseEgressConfig(readFileSync(file, 'utf8')), affinity };
    throw new Error('EGRESS_CONFIG_FILE names no configuration');
  } catch (cause) {
    jsonLog('configuration', { error: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

try {
  const scratch = process.env.EGRESS_SCRATCH || join(tmpdir(), 'arc-egress');
  const worker = await egressWorker({ ...configuration(), scratch, log: jsonLog });
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
