import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { offsetProblems } from '../offset-problems.ts';
import { portPlace, rangeText } from '../place-ports.ts';
import { formsOf } from './ports.ts';

/** Ports that `ports.offset` in arc.yaml could not move. */
export function checkPortOffset(draft: Draft): readonly Problem[] {
  const place = portPlace({ workspace: draft.workspace.manifest });
  const location = placeOf(draft.workspace, 'ports', 'offset');
  return formsOf(draft).flatMap((part) => {
    const problems = place.offset === 0 ? [] : offsetProblems({ container: part.manifest, place });
    return [...advertisedElsewhere(part), ...problems.map((problem) => ({ ...problem, location }))];
  });
}

/** Clients that use an advertised number cannot connect if another one is published. */
function advertisedElsewhere(part: ContainerPart): readonly Problem[] {
  return part.manifest.ports.flatMap((port, index): Problem[] => {
    const { container, host } = port;
    if (!port.advertised || host.first === 0 || host.first === container.first) return [];
    return [
      {
        code: 'bad-port',
        message: `${part.manifest.name} tells clients ${rangeText(container)} for its port ${port.name}, which is published as ${rangeText(host)}.`,
        suggestion: 'remove `host`; `ports.offset` in arc.yaml moves an advertised port on both sides',
        location: placeOf(part, 'ports', index, 'host'),
      },
    ];
  });
}
