import type { EngineContainer } from '../platform/docker/engine.ts';
import { arcLabels } from '../platform/docker/labels.ts';
import type { Stack } from '../stack/model.ts';
import { mayBePresent } from '../stack/presence.ts';
import { indexWorkspace } from '../stack/workspace-index.ts';
import type { Opened } from './session.ts';

/**
 * The stack with each dependency `when_present` as it is on the Engine: it holds where the other one is part of the stack
 * or has a container, whether that runs or not. So what was booted by one selection stays as it was made under another
 * one, until `arc down` or `--without` takes the other one away.
 *
 * @param options.there roles that have a container of the project
 */
export function stackAmong(options: {
  opened: Pick<Opened, 'manifests' | 'stack' | 'of' | 'resolve'>;
  there: ReadonlySet<string>;
}): Stack {
  const { opened, there } = options;
  const { manifests, stack, of, resolve } = opened;
  const roles = new Set(stack.containers.map(({ role }) => role));
  const maybe = mayBePresent({ index: indexWorkspace(manifests), roles });
  // So far, what is part of the stack counts as there, and nothing else.
  const differs = [...maybe].some((role) =>
    of === 'everything' ? !there.has(role) : !roles.has(role) && there.has(role),
  );
  const among = differs ? resolve({ present: there, only: of === 'everything' }) : stack;
  return withRoles(among, of === 'everything' ? there : new Set([...roles, ...there]));
}

/** The stack in whatever flavours, with who is there. */
function withRoles(stack: Stack, roles: ReadonlySet<string>): Stack {
  return { ...stack, roles, inFlavours: (taken) => withRoles(stack.inFlavours(taken), roles) };
}

/**
 * The same for a stack that is to be booted.
 *
 * @param options.containers all that the Engine has
 */
export function stackOnEngine<Site extends Opened>(options: {
  site: Site;
  containers: readonly EngineContainer[];
}): Site {
  const { site, containers } = options;
  const there = containers.flatMap(({ labels }) =>
    labels[arcLabels.project] === site.stack.project ? (labels[arcLabels.role] ?? []) : [],
  );
  return { ...site, stack: stackAmong({ opened: site, there: new Set(there) }) };
}
