import type { Problem } from '../../core/errors.ts';
import { type Part, placeOf } from '../build/read.ts';
import type { ServicePart } from '../build/service.ts';
import { type Draft, isUnknown } from '../draft.ts';
import type { ContainerManifest, ProbeManifest } from '../model.ts';
import { quote } from '../words.ts';

/** Probes that ask a port which is not there or cannot answer, and checks that name unknown containers. */
export function checkProbes(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) => [
    ...[...service.containers, ...service.embedded].flatMap((part) =>
      checkPort({
        draft,
        probe: part.manifest.health.probe,
        container: part.manifest,
        part,
        path: ['health', 'probe', 'port'],
      }),
    ),
    ...service.manifest.checks.flatMap((_, index) => checkCheck(draft, service, index)),
  ]);
}

function checkCheck(draft: Draft, service: ServicePart, index: number): readonly Problem[] {
  const check = service.manifest.checks[index];
  if (check === undefined) return [];
  const own = service.containers.map((part) => part.manifest);
  const container = own.find((candidate) => candidate.role === check.container);
  const unknownNeeds = check.needs.flatMap((role, position): Problem[] =>
    !isUnknown(draft, role)
      ? []
      : [
          {
            code: 'unknown-need',
            message: `The check ${check.name} needs ${quote(role)}, but no service, sidecar or job has that role.`,
            ...draft.didYouMean(role, () => draft.byRole.keys()),
            location: placeOf(service, 'checks', index, 'needs', position),
          },
        ],
  );
  if (container === undefined) {
    const roles = own.map((candidate) => candidate.role);
    return [
      ...unknownNeeds,
      {
        code: 'unknown-container',
        message: `The check ${check.name} asks ${quote(check.container)}, which is no container of this service.`,
        ...draft.didYouMean(check.container, () => roles),
        location: placeOf(service, 'checks', index, 'container'),
      },
    ];
  }
  const path = ['checks', index, 'probe', 'port'];
  return [...unknownNeeds, ...checkPort({ draft, probe: check.probe, container, part: service, path })];
}

function checkPort(options: {
  draft: Draft;
  probe: ProbeManifest;
  container: ContainerManifest;
  part: Part;
  path: readonly (string | number)[];
}): readonly Problem[] {
  const { draft, probe, container, part, path } = options;
  if (probe.kind === 'container' || probe.port === '') return [];
  const ports = container.ports.filter((port) => port.name === probe.port);
  const [port] = ports;
  if (port === undefined) {
    return [
      {
        code: 'unknown-port',
        message: `The ${probe.kind} probe asks the port ${quote(probe.port)}, which ${container.name} does not have.`,
        ...draft.didYouMean(probe.port, () => container.ports.map((candidate) => candidate.name)),
        location: placeOf(part, ...path),
      },
    ];
  }
  if (port.protocol === 'tcp' && port.container.first === port.container.last) return [];
  return [
    {
      code: 'bad-probe-port',
      message: `The ${probe.kind} probe asks the port ${probe.port}, which is not a single TCP port.`,
      suggestion: 'name a TCP port',
      location: placeOf(part, ...path),
    },
  ];
}
