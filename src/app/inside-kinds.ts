import type { Decider } from '../core/driver.ts';
import { type ArcError, failed } from '../core/errors.ts';
import { addressOf, type Resource } from '../core/resource.ts';
import { addressOfContainer } from '../platform/docker/compile.ts';
import type { InsideKind } from '../providers/inside-kind.ts';
import { bucketKind } from '../providers/s3/bucket/kind.ts';
import type { ResolvedContainer, ResolvedStack } from '../stack/model.ts';

/** The one list of what can be inside a server. */
export const insideKinds: readonly InsideKind[] = [bucketKind as unknown as InsideKind];

const byProvision = new Map(insideKinds.map((one) => [one.provision, one]));

/** The half that a plan needs: see core/plan.ts. */
export function insideDeciders(project: string): readonly (readonly [string, Decider])[] {
  return insideKinds.map((one) => [one.kind, one.decider(project)]);
}

/**
 * What the manifests of a stack provision, as resources.
 *
 * @throws ArcError `provision-without-keys` where arc does not know how to get into the server
 */
export function insideResources(stack: Pick<ResolvedStack, 'containers'>): readonly Resource[] {
  return stack.containers.flatMap((server) =>
    server.provision.flatMap((provision): Resource[] => {
      const kind = byProvision.get(provision.kind);
      if (kind === undefined) throw new Error(`there is no provider for ${provision.kind}`);
      if (kind.access(server) === undefined) throw withoutKeys({ server, provision: provision.kind });
      return [
        {
          address: addressOf(kind.kind, provision.name),
          kind: kind.kind,
          spec: kind.spec(provision),
          owner: server.role,
          needs: [],
          inside: addressOfContainer(server),
        },
      ];
    }),
  );
}

function withoutKeys(options: { server: ResolvedContainer; provision: string }): ArcError {
  const { server, provision } = options;
  const [technology = ''] = provision.split('.');
  return failed({
    code: 'provision-without-keys',
    message: `${server.role} provisions ${provision}, and arc has no keys for it.`,
    suggestion: `declare a check with a \`${technology}\` probe, whose keys arc takes`,
  });
}
