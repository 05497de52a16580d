import type { Provider } from '../provider.ts';
import { redisProbe } from './probe.ts';

/** Redis, and what speaks its protocol. */
export const redis: Provider = { name: 'redis', probe: redisProbe };
