import { ArcError } from '../core/errors.ts';
import { httpProber } from '../core/probes/http.ts';
import type { PortProber, ProbeAnswer, Prober } from '../core/probes/probe.ts';
import { tcpProber } from '../core/probes/tcp.ts';
import { containerProber, type Inspect } from '../platform/docker/container-probe.ts';
import type { Platform } from '../platform/platform.ts';
import { redisProber } from '../providers/redis/probe.ts';
import type { Probe } from '../stack/model.ts';

type PortProbe = Exclude<Probe, { kind: 'container' }>;

/**
 * One prober for every kind of probe. Each question is asked at the address where its port is then. What only deep
 * checks need is loaded when the first of them is made, so that a boot does not pay for it.
 *
 * @param options.inspect how the Engine is asked about a container, for probes of kind `container`
 * @param options.reach the way to a container's port
 */
export function createProber(options: { inspect: Inspect; reach: Platform['reach'] }): Prober<Probe> {
  const askContainer = containerProber(options.inspect);
  return async ({ probe, timeoutMilliseconds, signal }) => {
    if (probe.kind === 'container') return askContainer({ probe, timeoutMilliseconds, signal });
    const began = performance.now();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    let reached: Awaited<ReturnType<Platform['reach']>>;
    try {
      reached = await options.reach(probe.at, limit);
    } catch (cause) {
      return notReached({ cause, milliseconds: performance.now() - began });
    }
    await using address = reached;
    return await askPort({ probe, address, timeoutMilliseconds, signal });
  };
}

const askPort: PortProber<PortProbe> = async ({ probe, ...rest }) => {
  switch (probe.kind) {
    case 'http':
      return httpProber({ probe, ...rest });
    case 'tcp':
      return tcpProber({ probe, ...rest });
    case 'redis':
      return redisProber({ probe, ...rest });
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

/** That there is no way to a port is what came of the question; anything else is a fault. */
function notReached(options: { cause: unknown; milliseconds: number }): ProbeAnswer {
  const { cause, milliseconds } = options;
  if (!(cause instanceof ArcError)) throw cause;
  return { ok: false, answer: cause.problems[0].message, milliseconds: Math.round(milliseconds) };
}
