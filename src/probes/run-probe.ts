import type { Probe } from '../stack/model.ts';
import { containerProber, type Inspect } from './container.ts';
import { httpProber } from './http.ts';
import type { Prober } from './probe.ts';
import { redisProber } from './redis.ts';
import { tcpProber } from './tcp.ts';

/**
 * One prober for every kind of probe. What only deep checks need is loaded when the first of them is made, so that a
 * boot does not pay for it.
 *
 * @param options.inspect how the Engine is asked about a container, for probes of kind `container`
 */
export function createProber(options: { inspect: Inspect }): Prober<Probe> {
  const askContainer = containerProber(options.inspect);
  return async ({ probe, ...rest }) => {
    switch (probe.kind) {
      case 'http':
        return httpProber({ probe, ...rest });
      case 'tcp':
        return tcpProber({ probe, ...rest });
      case 'redis':
        return redisProber({ probe, ...rest });
      case 'container':
        return askContainer({ probe, ...rest });
      case 's3': {
        const { s3Prober } = await import('./s3.ts');
        return s3Prober({ probe, ...rest });
      }
      case 'livekit': {
        const { livekitProber } = await import('./livekit.ts');
        return livekitProber({ probe, ...rest });
      }
      default:
        return probe satisfies never;
    }
  };
}
