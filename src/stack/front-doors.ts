import type { Problem } from '../core/errors.ts';
import type { Entry } from './workspace-index.ts';

/** A port that is not there, and the warning that says so. */
export type ClosedFrontDoor = { role: string; problem: Problem };

/**
 * A warning for each port whose front door leads to another workspace.
 *
 * @param options.entries with their ports placed (manifest/place-ports.ts)
 */
export function closedFrontDoors(options: { entries: Iterable<Entry> }): readonly ClosedFrontDoor[] {
  return Array.from(options.entries).flatMap(({ kind, role, manifest }) =>
    (kind === 'job' ? [] : manifest.ports).flatMap((port): ClosedFrontDoor[] => {
      if (port.closed === undefined || port.front_door === undefined) return [];
      const { port: told, without } = port.front_door;
      const problem: Problem = {
        code: 'front-door-elsewhere',
        message: `${role} goes without its port ${port.name}: ${without}.`,
        detail: [`clients are told port ${told}, and only one workspace of an address can have it`],
        suggestion: `where port ${told} of the address leads here, write \`front_door: true\` below \`ports\` in arc.yaml`,
      };
      return [{ role, problem }];
    }),
  );
}
