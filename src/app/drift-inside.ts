import type { Drift } from '../core/drift.ts';
import { type Address, addressOf } from '../core/resource.ts';
import type { Reach } from '../core/socket-address.ts';
import type { BootableStack } from '../stack/model.ts';
import { openInside } from './inside.ts';
import { type InsideStack, insideDeciders, insideResources } from './inside-kinds.ts';

/** Changes by hand inside servers that answer, found with the marks that arc leaves there. */
export async function insideDrift(options: {
  stack: Pick<BootableStack, 'project'> & InsideStack;
  running: ReadonlySet<string>;
  reach: Reach;
  signal: AbortSignal;
}): Promise<{ drift: readonly Drift[]; silent: readonly Address[] }> {
  const { stack, running } = options;
  const wanted = insideResources(stack);
  const up = new Set([...running].map((name) => addressOf('container', name)));
  const servers = new Set(wanted.flatMap(({ inside }) => inside ?? []).filter((at) => up.has(at)));
  if (servers.size === 0) return { drift: [], silent: [] };
  await using inside = openInside(options);
  const { seen, asked } = await inside.look(servers);
  const deciders = new Map(insideDeciders(stack.project));
  const drift = wanted.flatMap((resource): readonly Drift[] => {
    const { address, kind, owner } = resource;
    const given = { address, wanted: resource, seen: seen.get(address), decided: () => undefined };
    const decision = seen.has(address) ? deciders.get(kind)?.decide(given) : undefined;
    const changes = decision !== undefined && 'changes' in decision ? (decision.changes ?? []) : [];
    return changes
      .filter(({ byHand }) => byHand === true)
      .map(({ path, before: now = 'none', after: before = 'none' }) => {
        const about = { on: address, what: path, before, now, by: {}, remedy: 'up' } as const;
        return owner === undefined ? about : { ...about, role: owner };
      });
  });
  return { drift, silent: [...servers].filter((at) => !asked.has(at)) };
}
