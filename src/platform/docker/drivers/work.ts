import { kindOf } from '../../../core/resource.ts';
import type { Plan, Step } from '../../../core/step.ts';
import type { ResolvedContainer } from '../../../stack/model.ts';

/** What a step on a container or a job does. */
export type ContainerWork =
  | {
      do: 'create';
      container: ResolvedContainer;
      network: string;
      /** Where its config files are mounted from, as far as that counts. */
      mountedFrom: string;
      /** Roles of its service that are part of the same boot. */
      booted: readonly string[];
      /** A volume of it was there before, with data that somebody else may have written. */
      hasData: boolean;
      /** Its config files are labelled for SELinux. */
      selinux: boolean;
    }
  | { do: 'start'; container: ResolvedContainer }
  | { do: 'unpause'; container: ResolvedContainer; id: string }
  | { do: 'stop'; role: string; id: string; name: string; graceSeconds: number }
  | { do: 'remove'; role: string; id: string; name: string }
  | Wait;

/** A wait until a container is healthy, or a job has done its work. */
export type Wait = {
  do: 'wait';
  container: ResolvedContainer;
  /** Of a container that was running before. */
  holds: readonly Hold[];
};

/** A dependency after whose start a container has to pass its probe for that long. */
export type Hold = { role: string; name: string; seconds: number };

/** What a step does, where it is one on a container or a job: their drivers make no other. */
export function containerWork(step: Step): ContainerWork | undefined {
  const kind = kindOf(step.of);
  return kind === 'container' || kind === 'job' ? (step.work as ContainerWork) : undefined;
}

/** The works of one sort in a plan, in its order. */
export function worksOf<Do extends ContainerWork['do']>(
  plan: Pick<Plan, 'steps'>,
  which: Do,
): readonly Extract<ContainerWork, { do: Do }>[] {
  return plan.steps.flatMap((step) => {
    const work = containerWork(step);
    return work?.do === which ? [work as Extract<ContainerWork, { do: Do }>] : [];
  });
}
