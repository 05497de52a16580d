import type { Decider } from '../core/driver.ts';
import { type ArcError, invalid } from '../core/errors.ts';
import { type Address, addressOf, kindOf, type Need, nameOf, type Resource } from '../core/resource.ts';
import { letOthersRun } from '../core/turns.ts';
import { addressOfContainer } from '../platform/docker/compile.ts';
import type { InsideKind } from '../providers/inside-kind.ts';
import type { ServerProbe } from '../providers/provider.ts';
import type { BootableStack, ResolvedContainer, Stack } from '../stack/model.ts';
import type { ResolvedProvision } from '../stack/provision.ts';
import { providers, serversOf } from './providers.ts';

const insideKinds = providers.flatMap(({ inside = [] }) => inside);
const byKind = new Map(insideKinds.map((one) => [one.kind, one]));
const byProvision = new Map(insideKinds.map((one) => [one.provision, one]));

/** The kind of a resource, where it is inside a server. */
export function insideKindOf(kind: string): InsideKind | undefined {
  return byKind.get(kind);
}

/**
 * Loads the clients of servers in which a stack provisions something, so that this is done while the Engine answers.
 *
 * @param options.running names of the containers that run; others are not asked
 */
export async function loadClients(options: {
  stack: Pick<Stack, 'containers'>;
  running: ReadonlySet<string>;
}): Promise<void> {
  const { stack, running } = options;
  const kinds = stack.containers
    .filter(({ name }) => running.has(name))
    .flatMap(({ provision }) => provision.flatMap(({ kind }) => byProvision.get(kind) ?? []));
  if (kinds.length === 0) return;
  // The requests to the Engine go out first.
  await letOthersRun();
  await Promise.all([...new Set(kinds)].map((kind) => kind.load()));
}

/** The kinds that a server has in which something of this kind is, in the order of its provider. */
export function kindsBeside(kind: string): readonly string[] {
  const isOne = (one: InsideKind): boolean => one.kind === kind;
  return (providers.find(({ inside = [] }) => inside.some(isOne))?.inside ?? []).map((one) => one.kind);
}

/** The half that a plan needs: see core/plan.ts. */
export function insideDeciders(project: string): readonly (readonly [string, Decider])[] {
  return insideKinds.map((one) => [one.kind, one.decider(project)]);
}

/** What of a stack says what is inside its servers. */
export type InsideStack = Pick<BootableStack, 'containers' | 'contracts' | 'roles' | 'settings'>;

/** Something inside a server, and how arc gets into that. */
export type InsideResource = Resource & { access: ServerProbe };

/**
 * The resources that the manifests and contracts of a stack provision. The keys of a server are those of its first probe.
 *
 * @throws ArcError `provision-without-keys` if a server has none, `duplicate-provision` if two have one of a
 *   name, `provision-needs` where one needs something that nobody declares
 */
export function insideResources(stack: InsideStack): readonly InsideResource[] {
  const servers = serversOf(stack);
  const resources = new Map<string, InsideResource & Declared>();
  for (const { container, provision } of provisionOf(stack, servers)) {
    const kind = byProvision.get(provision.kind);
    if (kind === undefined) throw new Error(`there is no provider for ${provision.kind}`);
    const technology = technologyOf(provision);
    const { server } =
      servers.find(
        ({ provider, server: { role } }) => provider.name === technology && role === container.role,
      ) ?? {};
    if (server === undefined) throw withoutKeys({ role: container.role, provision });
    const address = addressOf(kind.kind, provision.name);
    const twin = resources.get(address);
    if (twin !== undefined) throw duplicate({ role: container.role, twin, provision });
    resources.set(address, {
      address,
      kind: kind.kind,
      spec: kind.spec(provision),
      owner: container.role,
      needs: [],
      inside: addressOfContainer(container),
      access: server.probes[0],
      provision,
    });
  }
  return [...resources.values()].map(({ provision, ...resource }) => ({
    ...resource,
    needs: needsInside({ resource, provision, all: [...resources.values()] }),
  }));
}

/** What is provisioned, and the container whose server it is for: what manifests declare, and what contracts want. */
function provisionOf(
  { containers, contracts, roles, settings }: InsideStack,
  servers: ReturnType<typeof serversOf>,
): readonly { container: ResolvedContainer; provision: ResolvedProvision }[] {
  const declared = containers.flatMap((container) =>
    container.provision.map((provision) => ({ container, provision })),
  );
  const chosen = Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));
  const wanted = providers.flatMap(({ name, fromContracts }) => {
    // Contracts name no server: of a technology there is one.
    const at = servers.find(({ provider }) => provider.name === name)?.server.role;
    const container = containers.find(({ role }) => role === at);
    if (container === undefined || fromContracts === undefined) return [];
    return fromContracts({ contracts, roles, settings: chosen }).map((entry) => ({
      container,
      provision: { ...entry, files: [] },
    }));
  });
  return [...declared, ...wanted];
}

/** An object, and the place where a manifest or a contract declares it. */
type Declared = { provision: ResolvedProvision };

function needsInside(
  options: Declared & { resource: InsideResource; all: readonly InsideResource[] },
): readonly Need[] {
  const { resource, provision, all } = options;
  const others = all.filter(
    ({ inside, address }) => inside === resource.inside && address !== resource.address,
  );
  const declared = new Set(others.map(({ address }) => address));
  return (insideKindOf(resource.kind)?.needs?.(resource.spec, others) ?? []).map((on) => {
    if (!declared.has(on)) throw undeclared({ on, provision });
    return { on, for: 'make' };
  });
}

/** `s3` of `s3.bucket`. */
function technologyOf({ kind }: ResolvedProvision): string {
  return kind.slice(0, kind.indexOf('.'));
}

function withoutKeys(options: { role: string; provision: ResolvedProvision }): ArcError {
  const { role, provision } = options;
  return invalid({
    code: 'provision-without-keys',
    message: `${role} provisions the ${provision.kind} ${provision.name}, and arc has no keys for ${role}.`,
    suggestion: `declare a check with a probe of the kind \`${technologyOf(provision)}\`: arc takes its keys`,
    location: provision.location,
  });
}

function duplicate(options: { role: string; twin: InsideResource; provision: ResolvedProvision }): ArcError {
  const { role, twin, provision } = options;
  return invalid({
    code: 'duplicate-provision',
    message: `${twin.owner} and ${role} both provision a ${provision.kind} with the name ${provision.name}.`,
    suggestion: 'give one of the two another name',
    location: provision.location,
  });
}

function undeclared({ on, provision }: Declared & { on: Address }): ArcError {
  const kind = insideKindOf(kindOf(on))?.provision ?? kindOf(on);
  return invalid({
    code: 'provision-needs',
    message: `The ${provision.kind} ${provision.name} needs the ${kindOf(on)} ${nameOf(on)}, and nothing declares that.`,
    suggestion: `declare \`{ kind: ${kind}, name: ${nameOf(on)} }\` under \`provision\``,
    location: provision.location,
  });
}
