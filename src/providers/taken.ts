import type { Decision } from '../core/driver.ts';

/**
 * Refuses what another project has by the same name in the same server.
 *
 * @param options.what as people call it: `bucket recordings`
 * @param options.owner the other project
 */
export function taken(options: { code: string; what: string; owner: string }): Decision<never> {
  const { code, what, owner } = options;
  return {
    kind: 'refuse',
    problem: {
      code,
      message: `The ${what} belongs to the project ${owner}.`,
      suggestion: 'choose another name where it is declared',
    },
  };
}
