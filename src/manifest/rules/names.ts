import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';

/** Linux takes 64 bytes for a host name, DNS 63. */
const longest = 63;

/** With `names: project` a container's name is also its host name, and Linux refuses one that is too long. */
export function checkNames(draft: Draft): readonly Problem[] {
  const { project, names } = draft.workspace.manifest;
  if (names !== 'project') return [];
  const [first] = draft.runnables
    .map(({ manifest }) => `${project}-${manifest.role}`)
    .filter((name) => name.length > longest)
    .toSorted((a, b) => b.length - a.length);
  if (first === undefined) return [];
  return [
    {
      code: 'name-too-long',
      message: `With \`names: project\` a container would be called ${first}, which is ${first.length} characters long; a host name has at most ${longest}.`,
      suggestion: `shorten the project's name by ${first.length - longest}`,
      location: placeOf(draft.workspace, 'project'),
    },
  ];
}
