import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, kindOf, nameOf } from '../core/resource.ts';
import type { Reach } from '../core/socket-address.ts';
import type { Plan } from '../core/step.ts';
import { containerWork, worksOf } from '../platform/docker/drivers/work.ts';
import type { LossQuestion, ServerLoss } from '../providers/provider.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Context } from './context.ts';
import { serversOf } from './providers.ts';

/** What is about to happen, and the way to the servers concerned. */
type Happening = Omit<LossQuestion, 'server'> & { stack: Pick<BootableStack, 'containers'> };

/** What people would lose. arc asks every server at the same time. */
export async function findLosses({ stack, ...question }: Happening): Promise<readonly ServerLoss[]> {
  const found = await Promise.all(
    serversOf(stack).map(({ provider, server }) => provider.losses?.({ ...question, server }) ?? []),
  );
  return found.flat();
}

/** Ends live sessions in servers that will stop, so that their participants are told. Call it only with consent. */
export async function endLive({ stack, ...question }: Happening): Promise<void> {
  await Promise.all(
    serversOf(stack).map(({ provider, server }) => provider.endLive?.({ ...question, server })),
  );
}

/** `2 rooms, 5 participants (realtime), 1 recording (realtime-egress)` */
export function describeLosses(losses: readonly ServerLoss[]): string {
  return losses.map(({ role, text }) => `${text} (${role})`).join(', ');
}

/** What a plan loses, according to the running systems, and the plan with each loss at the step that causes it. */
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

/** A plan that stops and removes nothing asks no server, which keeps most boots fast. */
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
 * A server with live sessions takes its whole grace period to stop. arc tells the person who watches what it waits for,
 * but only once the wait lasts, so that a quick stop is not slowed by a question.
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
