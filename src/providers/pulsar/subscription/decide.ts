import type { Case, Decider, Decision } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { allOf, type Held } from '../losses.ts';

export type SubscriptionSpec = {
  /** `arc/events/conversation/analytics-pipeline` */
  name: string;
  from: 'earliest' | 'latest';
};

/** `isOwn`: arc created it. Only asked of what nobody declares any more. */
export type SubscriptionState = { isOwn: boolean; held: Held };

export type SubscriptionStep = OneStep<SubscriptionSpec, undefined>;

/** The pure half of what arc knows of subscriptions. */
export function subscriptionDecider(): Decider<
  SubscriptionSpec,
  SubscriptionState,
  undefined,
  SubscriptionStep
> {
  return oneStepDecider({ kind: 'subscription', decide: decideSubscription });
}

/** One that nobody reads any more is removed: what waits in it would hold up those who publish. Pure. */
function decideSubscription({
  address,
  wanted,
  seen,
}: Case<SubscriptionSpec, SubscriptionState>): Decision<undefined> {
  const name = nameOf(address);
  if (wanted !== undefined) {
    return seen === undefined
      ? { kind: 'create', cause: 'no existing subscription', event: `${name} is created` }
      : { kind: 'keep' };
  }
  if (seen?.state.isOwn !== true) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no service that runs reads by it',
    event: `${name} is removed`,
    loses: allOf({ ...seen.state.held, bytes: 0 }),
  };
}
