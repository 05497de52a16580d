import type { ResolvedContainer, ResolvedDependency } from '../../stack/model.ts';
import type { ContainerHash, Hold } from './operation.ts';
import type { Decision } from './plan-decide.ts';

/** One container with what has to happen to it. */
export type Step = {
  container: ResolvedContainer;
  hash: ContainerHash;
  decision: Decision;
  /** Dependencies after whose start a running container has to go on passing its probe for a while. */
  holds: readonly Hold[];
  /** Why a running container that stays as it is is asked again. */
  again?: string;
};

type Decided = Pick<Step, 'container' | 'hash' | 'decision'>;

/**
 * Adds to what was decided about each container what follows from it for those that need it. A container that goes on
 * running while something that it needs is started again may not have noticed yet, so that its probe is no proof: it
 * is asked again after that start, has to hold for as long as its manifest says, or is restarted. Pure.
 *
 * @param decided in dependency order
 */
export function followDependencies(decided: readonly Decided[]): readonly Step[] {
  /** By role: `cache is recreated`, for those that the plan starts. */
  const begun = new Map<string, string>();
  /** The same, for those that are asked again because of it, and for jobs that have done their work. */
  const touched = new Map<string, string>();
  const names = new Map(decided.map(({ container }) => [container.role, container.name]));
  return decided.map(({ container, hash, decision: own }) => {
    const { role, kind, dependsOn } = container;
    const decision = kind === 'service' ? restarted({ decision: own, dependsOn, begun }) : own;
    const holds = isRunningOn(decision) ? holdsOf({ dependsOn, names }) : [];
    const event = eventOf(role, decision);
    if (event !== undefined) {
      begun.set(role, event);
      return { container, hash, decision, holds };
    }
    const causes = dependsOn.flatMap((need) => begun.get(need.role) ?? touched.get(need.role) ?? []);
    const [cause] = causes;
    if (cause === undefined) return { container, hash, decision, holds };
    touched.set(role, [...new Set(causes)].join(', '));
    if (kind === 'job') return { container, hash, decision, holds };
    return { container, hash, decision, holds, again: againCause({ causes, dependsOn, begun }) };
  });
}

/** A container that runs is restarted where its manifest says so of a dependency that is started again. */
function restarted(options: {
  decision: Decision;
  dependsOn: readonly ResolvedDependency[];
  begun: ReadonlyMap<string, string>;
}): Decision {
  const { decision, dependsOn, begun } = options;
  if (decision.kind !== 'keep') return decision;
  const cause = dependsOn.find(({ role, restart }) => restart === true && begun.has(role));
  return cause === undefined
    ? decision
    : { kind: 'restart', cause: begun.get(cause.role) ?? '', existing: decision.existing };
}

/** A process that was there before the plan began. */
function isRunningOn({ kind }: Decision): boolean {
  return kind === 'keep' || kind === 'unpause';
}

function holdsOf(options: {
  dependsOn: readonly ResolvedDependency[];
  names: ReadonlyMap<string, string>;
}): readonly Hold[] {
  return options.dependsOn.flatMap(({ role, holdSeconds }) => {
    const name = options.names.get(role);
    return holdSeconds === undefined || name === undefined ? [] : [{ role, name, seconds: holdSeconds }];
  });
}

/** `cache is recreated`; nothing where the plan does not start it. */
function eventOf(role: string, { kind }: Decision): string | undefined {
  switch (kind) {
    case 'create':
      return `${role} is created`;
    case 'recreate':
      return `${role} is recreated`;
    case 'restart':
      return `${role} is restarted`;
    case 'start':
      return `${role} is started`;
    case 'unpause':
      return `${role} is unpaused`;
    case 'keep':
    case 'skip':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** `asked again: cache is recreated`, `asked again for 4 s: cache is recreated`. */
function againCause(options: {
  causes: readonly string[];
  dependsOn: readonly ResolvedDependency[];
  begun: ReadonlyMap<string, string>;
}): string {
  const { causes, dependsOn, begun } = options;
  const seconds = Math.max(
    0,
    ...dependsOn.map(({ role, holdSeconds = 0 }) => (begun.has(role) ? holdSeconds : 0)),
  );
  const how = seconds === 0 ? 'asked again' : `asked again for ${seconds} s`;
  return `${how}: ${[...new Set(causes)].join(', ')}`;
}
