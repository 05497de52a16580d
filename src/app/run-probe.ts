import { ArcError } from '../core/errors.ts';
import type { PortProbe, ProbeAnswer, Prober, Slow } from '../core/probes/probe.ts';
import type { PortName, Reach, Reached } from '../core/socket-address.ts';
import { containerProber, type Inspect } from '../platform/docker/container-probe.ts';
import type { Probe } from '../stack/model.ts';
import { probeKinds } from './providers.ts';

/**
 * One prober for all kinds of probes. It looks up the address of the port for each question.
 *
 * @param options.inspect how the Engine is asked about a container, for probes of kind `container`
 * @param options.reach the way to a container's port
 * @param options.believed authorities that are believed beside those of this machine, as PEM
 */
export function createProber(options: {
  inspect: Inspect;
  reach: Reach;
  believed?: readonly string[];
}): Prober<Probe> {
  const { believed = [] } = options;
  const askContainer = containerProber(options.inspect);
  return async ({ probe, timeoutMilliseconds, deep = false, signal }) => {
    if (probe.at === undefined) return askContainer({ probe, timeoutMilliseconds, signal });
    const kind = probeKinds.get(probe.kind);
    if (kind === undefined) throw new Error(`the schema has a probe ${probe.kind} that no provider asks`);
    const began = performance.now();
    const { role } = probe.at;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    let reached: Reached;
    try {
      reached = await options.reach(probe.at, limit);
    } catch (cause) {
      return notReached({ probe, cause, milliseconds: performance.now() - began });
    }
    await using address = reached;
    const way = (port: string | PortName): Promise<Reached> =>
      options.reach(typeof port === 'string' ? { role, port } : port, limit);
    const { fields } = probe;
    return await kind.ask({ fields, address, timeoutMilliseconds, deep, signal, way, believed });
  };
}

/** How a question that may take long is dealt with; undefined for one that is asked each time. */
export function slowness(probe: Probe): Slow | undefined {
  return probe.at === undefined ? undefined : probeKinds.get(probe.kind)?.slow?.(probe.fields);
}

/** A missing way to the port is an answer of the probe; any other error is a fault. */
function notReached(options: { probe: PortProbe; cause: unknown; milliseconds: number }): ProbeAnswer {
  const { probe, cause, milliseconds } = options;
  if (!(cause instanceof ArcError)) throw cause;
  const question = `way to port ${probe.at.port} of ${probe.at.role}`;
  return { ok: false, question, reply: cause.problems[0].message, milliseconds: Math.round(milliseconds) };
}
