import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, kindOf, nameOf } from '../core/resource.ts';
import type { Reach } from '../core/socket-address.ts';
import type { Plan } from '../core/step.ts';
import { containerWork, worksOf } from '../platform/docker/drivers/work.ts';
import type { LossQuestion, ServerLoss } from '../providers/provider.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Context } from './context.ts';
import { serversOf } from './providers.ts';

/** What is about to happen, and the way to whom it happens. */
type Happening = Omit<LossQuestion, 'server'> & { stack: Pick<BootableStack, 'containers'> };

/** What people would miss of it, asked of every server at the same time. */
export async function findLosses({ stack, ...question }: Happening): Promise<readonly ServerLoss[]> {
  const found = await Promise.all(
    serversOf(stack).map(({ provider, server }) => provider.losses?.({ ...question, server }) ?? []),
  );
  return found.flat();
}

/** Ends what is live in servers that stop, so that everybody in it is told. To be called when there is consent. */
export async function endLive({ stack, ...question }: Happening): Promise<void> {
  await Promise.all(
    serversOf(stack).map(({ provider, server }) => provider.endLive?.({ ...question, server })),
  );
}

/** `2 rooms, 5 participants (realtime), 1 recording (realtime-egress)` */
export function describeLosses(losses: readonly ServerLoss[]): string {
  return losses.map(({ role, text }) => `${text} (${role})`).join(', ');
}

/**
 * What a plan loses, from the systems that run, and the plan with each loss at the step that causes it.
 */
export async function lossesOf(
  options: OfPlan,
): Promise<{ plan: Plan; losses: readonly ServerLoss[]; endLive: () => Promise<void> }> {
  const happening = happeningOf(options);
  const harmless = isHarmless(options.plan);
  const losses = harmless ? [] : await findLosses(happening);
  const end = async (): Promise<void> => {
    if (!harmless) await endLive(happening);
  };
  return { plan: withLosses({ ...options, losses }), losses, endLive: end };
}

/** Nothing is asked where nothing is stopped or removed: most boots are quick. */
function isHarmless({ steps }: Plan): boolean {
  return !steps.some(({ stage }) => stage === 'stop' || stage === 'remove');
}

function withLosses(options: {
  plan: Plan;
  stack: Pick<BootableStack, 'containers'>;
  losses: readonly ServerLoss[];
}): Plan {
  const { plan, stack, losses } = options;
  if (losses.length === 0) return plan;
  const owners = new Map(
    stack.containers.flatMap(({ role, volumes }) =>
      volumes.map(({ volume }) => [addressOf('volume', volume), role] as const),
    ),
  );
  const steps = plan.steps.map((step) => {
    const stopped = containerWork(step)?.do === 'stop' ? step.title : undefined;
    const emptied = step.verb === 'remove' ? owners.get(step.on) : undefined;
    const loses = losses.filter(({ role, kind }) => role === (kind === 'live' ? stopped : emptied));
    return loses.length === 0 ? step : { ...step, loses: loses.map(({ kind, text }) => ({ kind, text })) };
  });
  return { ...plan, steps };
}

type OfPlan = { context: Context; plan: Plan; stack: BootableStack; reach: Reach };

/** A server in which nothing is live stops within a fraction of this. */
const patienceMilliseconds = 1_000;

/**
 * A server in which something is live takes its whole grace to stop. Whoever watches is told what is waited for, once it
 * lasts: a stop that is quick is not made slower by a question.
 *
 * @param options.signal aborted when there is nothing more to wait for
 */
export async function sayWhatStopAwaits(options: OfPlan & { signal: AbortSignal }): Promise<void> {
  const { plan, signal } = options;
  if (worksOf(plan, 'stop').length === 0) return;
  await sleep(patienceMilliseconds, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  for (const { role, kind, text } of await findLosses(happeningOf(options))) {
    const stop = worksOf(plan, 'stop').find((one) => one.role === role);
    if (kind !== 'live' || stop === undefined) continue;
    const message = `${stop.name} has ${text}: it waits up to ${stop.graceSeconds} s for them to end, then it is killed.`;
    options.context.emit({ type: 'warning', problem: { code: 'live-loss', message } });
  }
}

function happeningOf({ context, plan, stack, reach }: OfPlan): Happening {
  const volumes = new Set(
    plan.steps.flatMap(({ verb, on }) => (verb === 'remove' && kindOf(on) === 'volume' ? [nameOf(on)] : [])),
  );
  const emptied = stack.containers.filter((one) => one.volumes.some(({ volume }) => volumes.has(volume)));
  return {
    stack,
    stops: new Set(worksOf(plan, 'stop').map(({ role }) => role)),
    removes: new Set(emptied.map(({ role }) => role)),
    reach,
    signal: context.signal,
  };
}
