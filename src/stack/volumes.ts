import { compareText } from './graph.ts';
import type { DescribedContainer, ResolvedVolume } from './model.ts';

/** The volumes of all containers, in order of name. */
export function volumesOf(containers: readonly DescribedContainer[]): readonly ResolvedVolume[] {
  return containers
    .flatMap((container) => container.volumes.map(({ volume }) => ({ name: volume, role: container.role })))
    .toSorted((a, b) => compareText(a.name, b.name));
}
