// The embedded egress worker: node main.ts, with its configuration in EGRESS_CONFIG_FILE or EGRESS_CONFIG_BODY, and recordings
// in EGRESS_SCRATCH until they are in their bucket.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLog } from '../worker/log.ts';
import { parseEgressConfig } from './config.ts';
import { egressWorker } from './worker.ts';

/** A configuration that is wrong does not become right by another start. */
const wrongConfiguration = 2;

function configuration(): ReturnType<typeof parseEgressConfig> {
  const { EGRESS_CONFIG_FILE: file, EGRESS_CONFIG_BODY: body } = process.env;
  try {
    if (body) return parseEgressConfig(body);
    if (file) return parseEgressConfig(readFileSync(file, 'utf8'));
    throw new Error('EGRESS_CONFIG_FILE names no configuration');
  } catch (cause) {
    jsonLog('configuration', { error: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

try {
  const scratch = process.env.EGRESS_SCRATCH || join(tmpdir(), 'arc-egress');
  const worker = await egressWorker({ config: configuration(), scratch, log: jsonLog });
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
