import type { Problem, SourceLocation } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { type Part, partsOf, placeOf, text } from '../build/read.ts';
import type { ContainerPart, ServicePart } from '../build/service.ts';
import { type Draft, isUnknown } from '../draft.ts';
import type { MetricType } from '../model-metrics.ts';
import { quote } from '../words.ts';
import { checkTcpPort } from './probes.ts';

/** Metrics at ports that are not there, declared with two types, alerts and panels of one name, unknown companions and counters. */
export function checkMetrics(draft: Draft): readonly Problem[] {
  const types = new Map<string, { type: MetricType; location: SourceLocation }>();
  const parts = draft.services.flatMap((service) => [...service.containers, ...service.flavours]);
  return [
    ...parts.flatMap((part) => [...checkPort(draft, part), ...checkTypes({ part, types })]),
    ...draft.services.flatMap(({ containers }) => containers.flatMap((part) => checkCompanions(draft, part))),
    ...draft.services.flatMap((service) => checkCounts(service)),
    ...findTwins(draft, 'alerts'),
    ...findTwins(draft, 'panels'),
  ];
}

function checkPort(draft: Draft, part: ContainerPart): readonly Problem[] {
  const { manifest } = part;
  if (manifest.metrics === undefined) return [];
  const { port } = manifest.metrics;
  const path = ['metrics', 'port'];
  return checkTcpPort({ draft, port, what: 'The reader of metrics', container: manifest, part, path });
}

/** Two programs may export one metric, but an expression over it would mean two things if its type differed. */
function checkTypes(options: {
  part: ContainerPart;
  types: Map<string, { type: MetricType; location: SourceLocation }>;
}): readonly Problem[] {
  const { part, types } = options;
  return Object.entries(part.manifest.metrics?.names ?? {}).flatMap(([name, { type }]): Problem[] => {
    const location = placeOf(part, 'metrics', 'names', name);
    const known = types.get(name);
    if (known === undefined) types.set(name, { type, location });
    if (known === undefined || known.type === type) return [];
    return [
      {
        code: 'metric-type',
        message: `${part.manifest.name} declares ${name} as a ${type}; ${known.location.file}:${known.location.line} declares it as a ${known.type}.`,
        suggestion: 'look at the TYPE lines that the two programs export',
        location,
      },
    ];
  });
}

/** A counter that is never exported would count nothing for ever, and nobody would know. */
function checkCounts(service: ServicePart): readonly Problem[] {
  const { checks } = service.manifest;
  return checks.flatMap(({ probe, container }, index): readonly Problem[] => {
    if (probe.kind !== 'counts') return [];
    const asked = service.containers.find(({ manifest }) => manifest.role === container)?.manifest;
    const declared = Object.keys(asked?.metrics?.names ?? {});
    return Object.entries(probe.fields.counts ?? {}).flatMap(([what, names]: [string, unknown]) =>
      (Array.isArray(names) ? names.map(String) : []).flatMap((name, position): Problem[] => {
        if (asked === undefined || declared.includes(name)) return [];
        const meant = nearest(name, declared);
        return [
          {
            code: 'undeclared-count',
            message: `A check counts ${name}, which ${asked.name} does not declare among its metrics.`,
            suggestion:
              meant === undefined ? 'declare it under `metrics.names`' : `did you mean \`${meant}\`?`,
            location: placeOf(service, 'checks', index, 'probe', 'counts', what, position),
          },
        ];
      }),
    );
  });
}

/**
 * A workspace need not have the companion: a service that was copied into it does without. Only a name that is nearly
 * one of its own is a mistake.
 */
function checkCompanions(draft: Draft, part: ContainerPart): readonly Problem[] {
  return part.manifest.only_with.flatMap((role, index): Problem[] => {
    if (!isUnknown(draft, role) || nearest(role, draft.byRole.keys()) === undefined) return [];
    return [
      {
        code: 'unknown-companion',
        message: `${part.manifest.name} is there only with ${quote(role)}, but no service, sidecar or job has that role.`,
        ...draft.didYouMean(role, () => draft.byRole.keys()),
        location: placeOf(part, 'only_with', index),
      },
    ];
  });
}

function findTwins(draft: Draft, field: 'alerts' | 'panels'): readonly Problem[] {
  const word = field === 'alerts' ? 'alert' : 'panel';
  const first = new Map<string, SourceLocation>();
  return draft.services.flatMap((service) =>
    partsOf(service, field).flatMap((part: Part): Problem[] => {
      const name = text(part.node, 'name');
      const location = placeOf(part, 'name');
      const twin = first.get(name);
      if (name === '') return [];
      if (twin === undefined) {
        first.set(name, location);
        return [];
      }
      return [
        {
          code: `duplicate-${word}`,
          message: `Two ${field} are called ${name}; the other is in ${twin.file}:${twin.line}.`,
          suggestion: 'give one of them another name',
          location,
        },
      ];
    }),
  );
}
