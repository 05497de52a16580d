import { countsProbe } from '../core/probes/counts.ts';
import { httpProbe } from '../core/probes/http.ts';
import { otlpProbe } from '../core/probes/otlp.ts';
import type { ProbeKind } from '../core/probes/probe.ts';
import { routeProbe } from '../core/probes/route.ts';
import { tcpProbe } from '../core/probes/tcp.ts';
import { tlsProbe } from '../core/probes/tls.ts';
import { jaeger } from '../providers/jaeger/provider.ts';
import { livekit } from '../providers/livekit/provider.ts';
import { livekitAgents } from '../providers/livekit-agents/provider.ts';
import { logLineProbe } from '../providers/log-line.ts';
import { loki } from '../providers/loki/provider.ts';
import { nats } from '../providers/nats/provider.ts';
import { postgres } from '../providers/postgres/provider.ts';
import { prometheus } from '../providers/prometheus/provider.ts';
import type { Provider, Server, ServerProbe } from '../providers/provider.ts';
import { pulsar } from '../providers/pulsar/provider.ts';
import { redis } from '../providers/redis/provider.ts';
import { s3 } from '../providers/s3/provider.ts';
import { victorialogs } from '../providers/victorialogs/provider.ts';
import type { BootableStack, ResolvedContainer } from '../stack/model.ts';

/** The technologies that arc knows. */
export const providers: readonly Provider[] = [
  redis,
  s3,
  postgres,
  nats,
  pulsar,
  livekit,
  livekitAgents,
  prometheus,
  jaeger,
  loki,
  victorialogs,
];

const stores = new Map(providers.flatMap(({ name, logs }) => (logs === undefined ? [] : [[name, logs]])));

/** The kinds of probes that ask no technology of their own. */
export const ownProbes: readonly ProbeKind[] = [
  httpProbe,
  tcpProbe,
  tlsProbe,
  routeProbe,
  otlpProbe,
  countsProbe,
  logLineProbe(stores),
];

/** Every kind of probe that asks a port, by name. */
export const probeKinds: ReadonlyMap<string, ProbeKind> = new Map(
  [...ownProbes, ...providers.map(({ probe }) => probe)].map((kind) => [kind.kind, kind]),
);

/** The servers of a stack, each with the provider whose probes ask it: no service's name stands in the code. */
export function serversOf(
  stack: Pick<BootableStack, 'containers'>,
): readonly { provider: Provider; server: Server }[] {
  return providers.flatMap((provider) =>
    stack.containers.flatMap((container) => {
      const [first, ...others] = probesOf(container, provider.probe.kind);
      if (first === undefined) return [];
      const { role, name } = container;
      return [{ provider, server: { role, name, probes: [first, ...others] } as const }];
    }),
  );
}

function probesOf({ health, checks }: ResolvedContainer, kind: string): readonly ServerProbe[] {
  const all = [...(health.kind === 'probe' ? [{ probe: health.probe, needs: [] }] : []), ...checks];
  return all.flatMap(({ probe, needs }) =>
    probe.at !== undefined && probe.kind === kind ? [{ at: probe.at, fields: probe.fields, needs }] : [],
  );
}
