import type { Party } from '../../../contracts/model.ts';
import type { Problem } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { type Given, placeIn } from './rule.ts';

/** External roles that look like a misspelt role of the workspace. A warning: a role may come with its manifest later. */
export function findLikelyRoles(given: Given): readonly Problem[] {
  const warned = new Set<string>();
  return given.contracts.messages.flatMap((message) => {
    const named: readonly { party: Party; path: readonly (string | number)[] }[] = [
      ...message.publishers.map((party, index) => ({ party, path: ['publishers', index] })),
      ...message.subscribers.map((party, index) => ({ party, path: ['subscribers', index, 'role'] })),
    ];
    return named.flatMap(({ party, path }): Problem[] => {
      const { role, external } = party;
      const meant = external && !warned.has(role) ? nearest(role, given.roles) : undefined;
      if (meant === undefined) return [];
      warned.add(role);
      return [
        {
          code: 'contract-role',
          message: `No manifest has the role ${role}, so it gets no rights on NATS.`,
          suggestion: `did you mean \`${meant}\`?`,
          location: placeIn(given, message, ...path),
        },
      ];
    });
  });
}
