// The embedded egress worker: node main.ts, with its configuration in EGRESS_CONFIG_FILE or EGRESS_CONFIG_BODY, and recordings
// in EGRESS_SCRATCH until they are in their bucket, at most EGRESS_SCRATCH_LIMIT (`10g`) of them. EGRESS_AFFINITY, from 0.01 to 1, says how well it suits beside other workers.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAffinity } from '../worker/affinity.ts';
import { jsonLog } from '../worker/log.ts';
import { runWorker } from '../worker/run.ts';
import { parseEgressConfig } from './config.ts';
import { parseScratchLimit } from './scratch-space.ts';
import { egressWorker } from './worker.ts';

await runWorker({
  prefix: 'EGRESS',
  read: (configuration, { EGRESS_AFFINITY, EGRESS_SCRATCH, EGRESS_SCRATCH_LIMIT }) => ({
    affinity: parseAffinity('EGRESS_AFFINITY', EGRESS_AFFINITY),
    config: parseEgressConfig(configuration),
    scratch: EGRESS_SCRATCH || join(tmpdir(), 'arc-egress'),
    scratchLimit: parseScratchLimit('EGRESS_SCRATCH_LIMIT', EGRESS_SCRATCH_LIMIT),
  }),
  start: (settings) => egressWorker({ ...settings, log: jsonLog }),
});
