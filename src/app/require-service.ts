import { invalid } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Manifests } from '../manifest/model.ts';

/** @throws ArcError `not-a-service` if a name is that of a profile, or of a container that is released with others */
export function requireService(options: { manifests: Manifests; name: string }): void {
  const { manifests, name } = options;
  if (manifests.services.some(({ role }) => role === name)) return;
  const owner = manifests.services.find(({ sidecars, jobs }) =>
    [...sidecars, ...jobs].some(({ role }) => role === name),
  );
  const meant = nearest(name, new Set(manifests.services.map(({ role }) => role)));
  throw invalid(
    owner === undefined
      ? {
          code: 'not-a-service',
          message: `${name} is not a service; arc releases only services.`,
          suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
        }
      : {
          code: 'not-a-service',
          message: `${name} is a container of ${owner.role}, and is released with it.`,
          suggestion: `name the service: ${owner.role}`,
        },
  );
}
