import { type Address, kindOf, nameOf } from '../core/resource.ts';
import type { Reach } from '../core/socket-address.ts';
import type { InsideWishes } from '../platform/docker/compile.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Context } from './context.ts';
import { openInside } from './inside.ts';
import { type InsideStack, insideDeciders, insideResources } from './inside-kinds.ts';
import { leftoversIn } from './leftovers.ts';

/**
 * What a plan must know about resources inside servers: the wanted ones, and those that running servers report. arc
 * removes a resource that it created and no manifest declares any more if it is empty or a person named it with
 * `--lose`. Otherwise it keeps the resource and warns.
 *
 * @param options.running addresses of the containers that run
 * @param options.lose addresses whose data a person agrees to lose
 */
export async function lookInside(options: {
  context: Context;
  stack: Pick<BootableStack, 'project'> & InsideStack;
  running: ReadonlySet<Address>;
  lose: readonly string[];
  reach: Reach;
}): Promise<InsideWishes> {
  const { context, stack, running, lose } = options;
  const wanted = insideResources(stack);
  const servers = new Set(wanted.flatMap(({ inside }) => inside ?? []).filter((at) => running.has(at)));
  const deciders = new Map(insideDeciders(stack.project));
  const nothing = {
    wanted,
    seen: new Map(),
    asked: new Set<Address>(),
    unwanted: new Map<Address, Address>(),
    deciders,
  };
  if (servers.size === 0) return nothing;
  await using inside = openInside({ ...options, signal: context.signal });
  const { seen, asked } = await inside.look(servers);
  const declared = new Set(wanted.map(({ address }) => address));
  const unwanted = new Map<Address, Address>();
  for (const { address, lost, goes } of leftoversIn({ seen, declared, deciders, lose })) {
    const [server] = seen.get(address)?.needs ?? [];
    if (server === undefined) continue;
    if (goes) unwanted.set(address, server.on);
    else warnOfOrphan({ context, address, lost });
  }
  return { ...nothing, seen, asked, unwanted };
}

function warnOfOrphan(options: { context: Context; address: Address; lost: string }): void {
  const { context, address, lost } = options;
  context.emit({
    type: 'warning',
    problem: {
      code: 'orphan',
      message: `No manifest declares the ${kindOf(address)} ${nameOf(address)} any more, but it has ${lost}, so arc keeps it.`,
      suggestion: `\`arc up --lose ${address}\` removes it with its contents`,
    },
  });
}
