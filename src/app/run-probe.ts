import { containerProber, type Inspect } from '../platform/docker/container-probe.ts';
import { httpProber } from '../probes/http.ts';
import type { Prober } from '../probes/probe.ts';
import { tcpProber } from '../probes/tcp.ts';
import { redisProber } from '../providers/redis/probe.ts';
import type { Probe } from '../stack/model.ts';

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
        const { s3Prober } = await import('../providers/s3/probe.ts');
        return s3Prober({ probe, ...rest });
      }
      case 'livekit': {
        const { livekitProber } = await import('../providers/livekit/probe.ts');
        return livekitProber({ probe, ...rest });
      }
      default:
        return probe satisfies never;
    }
  };
}
