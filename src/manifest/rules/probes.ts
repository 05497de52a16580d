import type { Problem } from '../../core/errors.ts';
import { type Part, partsOf, placeOf, text } from '../build/read.ts';
import type { ContainerPart, ServicePart } from '../build/service.ts';
import { type Draft, isUnknown } from '../draft.ts';
import type { ContainerManifest } from '../model.ts';
import type { ProbeManifest } from '../model-checks.ts';
import { quote } from '../words.ts';
import { member, type YamlNode } from '../yaml/tree.ts';

/** Probes that ask a port which is not there or cannot answer, and checks that name unknown containers. */
export function checkProbes(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) => [
    ...[...service.containers, ...service.flavours].flatMap((part) => [
      ...checkPort({
        draft,
        probe: part.manifest.health.probe,
        container: part.manifest,
        part,
        path: ['health', 'probe', 'port'],
      }),
      ...checkOpinion({
        part,
        node: member(member(part.node, 'health'), 'probe'),
        container: part.manifest,
        path: ['health', 'probe'],
      }),
      ...checkReadiness(part),
    ]),
    ...service.manifest.checks.flatMap((_, index) => checkCheck(draft, service, index)),
  ]);
}

/** A container is ready by itself; whether its routes are is asked of what is behind them too. */
function checkReadiness(part: ContainerPart): readonly Problem[] {
  const { name, health } = part.manifest;
  if (health.probe.kind !== 'route') return [];
  return [
    {
      code: 'route-probe',
      message: `The readiness of ${name} cannot be a route probe, which asks what is behind the gateway as well.`,
      suggestion: 'ask the container itself, and put the route probe below `checks`',
      location: placeOf(part, 'health', 'probe'),
    },
  ];
}

/** The Engine has a result only if it has a command to run. */
function checkOpinion(options: {
  part: Part;
  /** The probe as written; the schema check has reported a missing kind. */
  node: YamlNode | undefined;
  container: ContainerManifest;
  path: readonly (string | number)[];
}): readonly Problem[] {
  const { part, node, container, path } = options;
  if (text(node, 'kind') !== 'container' || container.health.command !== undefined) return [];
  return [
    {
      code: 'no-health-command',
      message: `The container probe of ${container.name} asks the Engine, which has no \`health.command\` to run.`,
      suggestion: 'give it a command, or ask a port: `kind: tcp` needs nothing in the image',
      location: placeOf(part, ...path),
    },
  ];
}

function checkCheck(draft: Draft, service: ServicePart, index: number): readonly Problem[] {
  const check = service.manifest.checks[index];
  if (check === undefined) return [];
  const own = service.containers.map((part) => part.manifest);
  const container = own.find((candidate) => candidate.role === check.container);
  const unknownNeeds = check.needs.flatMap((role, position): Problem[] =>
    check.when_present || !isUnknown(draft, role)
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
        message: `The check ${check.name} asks ${quote(check.container)}, which is not a container of this service.`,
        ...draft.didYouMean(check.container, () => roles),
        location: placeOf(service, 'checks', index, 'container'),
      },
    ];
  }
  const path = ['checks', index, 'probe'];
  const node = member(partsOf(service, 'checks')[index]?.node, 'probe');
  return [
    ...unknownNeeds,
    ...[container, ...otherForms({ service, container })].flatMap((form) => [
      ...checkPort({ draft, probe: check.probe, container: form, part: service, path: [...path, 'port'] }),
      ...checkOpinion({ part: service, node, container: form, path }),
    ]),
  ];
}

/** The container in those of its flavours that change what can be asked. */
function otherForms(options: {
  service: ServicePart;
  container: ContainerManifest;
}): readonly ContainerManifest[] {
  const { service, container } = options;
  const own = service.containers.find(({ manifest }) => manifest === container);
  const changes = (part: Part): boolean =>
    ['ports', 'health'].some((key) => member(part.node, key) !== member(own?.node, key));
  return service.flavours
    .filter((part) => part.manifest.role === container.role && changes(part))
    .map(({ manifest, flavour }) => ({ ...manifest, name: `${manifest.name} in its flavour ${flavour}` }));
}

function checkPort(options: {
  draft: Draft;
  probe: ProbeManifest;
  container: ContainerManifest;
  part: Part;
  path: readonly (string | number)[];
}): readonly Problem[] {
  const { probe } = options;
  if (probe.port === undefined) return [];
  return checkTcpPort({ ...options, port: probe.port, what: `The ${probe.kind} probe` });
}

/**
 * Whether a container has a port of this name that can be asked.
 *
 * @param options.what asks it: `The http probe`
 * @param options.path of the field that names it
 */
export function checkTcpPort(options: {
  draft: Draft;
  port: string;
  what: string;
  container: ContainerManifest;
  part: Part;
  path: readonly (string | number)[];
}): readonly Problem[] {
  const { draft, what, container, part, path } = options;
  if (options.port === '') return [];
  const port = container.ports.find(({ name }) => name === options.port);
  if (port === undefined) {
    return [
      {
        code: 'unknown-port',
        message: `${what} asks the port ${quote(options.port)}, which ${container.name} does not have.`,
        ...draft.didYouMean(options.port, () => container.ports.map((candidate) => candidate.name)),
        location: placeOf(part, ...path),
      },
    ];
  }
  if (port.protocol === 'tcp' && port.container.first === port.container.last) return [];
  return [
    {
      code: 'bad-probe-port',
      message: `${what} asks the port ${options.port}, which is not a single TCP port.`,
      suggestion: 'name a TCP port',
      location: placeOf(part, ...path),
    },
  ];
}
