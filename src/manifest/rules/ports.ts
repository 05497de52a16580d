import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import { parsePortRange } from '../build/units.ts';
import type { Draft } from '../draft.ts';
import type { PortManifest } from '../model.ts';
import { member } from '../yaml/tree.ts';

/** Ports that are no ports, and TCP ports that more than this machine could reach. */
export function checkPorts(draft: Draft): readonly Problem[] {
  return formsOf(draft).flatMap((part) =>
    part.manifest.ports.flatMap((port, index) => [
      ...checkNumbers({ part, port, index }),
      ...(port.publish ? checkBinding({ part, port, index }) : checkUnpublished({ part, index })),
    ]),
  );
}

export function containersOf(draft: Draft): readonly ContainerPart[] {
  return draft.services.flatMap((service) => service.containers);
}

/** Every container in each of its flavours. What a flavour leaves as it is, is found once more in the same place. */
export function formsOf(draft: Draft): readonly ContainerPart[] {
  return draft.services.flatMap((service) => [...service.containers, ...service.flavours]);
}

/** Rules beyond the schema: a range is ascending, and both sides have the same length. */
function checkNumbers(options: {
  part: ContainerPart;
  port: PortManifest;
  index: number;
}): readonly Problem[] {
  const { part, port, index } = options;
  const node = member(part.node, 'ports');
  const entry = node?.kind === 'sequence' ? node.items[index] : undefined;
  const bad = (['container', 'host'] as const).flatMap((side): Problem[] => {
    const value = member(entry, side);
    if (value?.kind !== 'scalar' || typeof value.value !== 'string') return [];
    if (!/^\d+(-\d+)?$/.test(value.value) || parsePortRange(value.value) !== undefined) return [];
    return [
      {
        code: 'bad-port',
        message: `${value.value} is not a range of ports from 1 to 65535, lowest first.`,
        suggestion: 'write it as in 50100-50200',
        location: placeOf(part, 'ports', index, side),
      },
    ];
  });
  if (bad.length > 0 || port.container.first === 0 || port.host.first === 0) return bad;
  const [inside, outside] = [length(port.container), length(port.host)];
  if (inside === outside) return [];
  return [
    {
      code: 'bad-port',
      message: `The container has ${inside} ports and the host ${outside}, so they cannot be paired.`,
      suggestion: 'make both ranges equally long',
      location: placeOf(part, 'ports', index, 'host'),
    },
  ];
}

/** 127.0.0.0/8 and ::1. Media over UDP must be reachable from outside; API and signalling need not. */
function checkBinding(options: {
  part: ContainerPart;
  port: PortManifest;
  index: number;
}): readonly Problem[] {
  const { part, port, index } = options;
  if (port.protocol !== 'tcp' || /^127\.|^(0*:)*:0*1$/.test(port.bind)) return [];
  return [
    {
      code: 'port-exposed',
      message: `The TCP port ${port.name} of ${part.manifest.name} is bound to ${port.bind}, where other machines can reach it.`,
      suggestion:
        'remove `bind`, so that it is 127.0.0.1; for other machines, put a gateway in front, whose port may be `public: true`',
      location: placeOf(part, 'ports', index, 'bind'),
    },
  ];
}

/** Fields about where a port is published have no meaning for an unpublished port. */
function checkUnpublished(options: { part: ContainerPart; index: number }): readonly Problem[] {
  const { part, index } = options;
  const node = member(part.node, 'ports');
  const entry = node?.kind === 'sequence' ? node.items[index] : undefined;
  return ['host', 'bind', 'public'].flatMap((key): Problem[] =>
    member(entry, key) === undefined
      ? []
      : [
          {
            code: 'port-not-published',
            message: `\`${key}\` applies only to a published port, and this one is not published.`,
            suggestion: `remove \`${key}\`, or \`publish: false\``,
            location: placeOf(part, 'ports', index, key),
          },
        ],
  );
}

export function length(range: { first: number; last: number }): number {
  return range.last - range.first + 1;
}
