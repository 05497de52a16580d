import { kindOf } from '../../../core/resource.ts';
import type { Plan, Step } from '../../../core/step.ts';
import type { ResolvedContainer, ResolvedFolder } from '../../../stack/model.ts';

/** The work of a step on a container or a job. */
export type ContainerWork =
  | {
      do: 'create';
      container: ResolvedContainer;
      network: string;
      /** The location of its config files, as far as it counts. */
      mountedFrom: string;
      /** Roles of its service that are part of the same boot. */
      booted: readonly string[];
      /** One of its volumes existed before, with data that somebody else may have written. */
      hasData: boolean;
      /** arc labels its config files for SELinux. */
      selinux: boolean;
    }
  | { do: 'start'; container: ResolvedContainer }
  | { do: 'unpause'; container: ResolvedContainer; id: string }
  | { do: 'stop'; role: string; id: string; name: string; graceSeconds: number }
  | { do: 'remove'; role: string; id: string; name: string }
  | { do: 'reload'; container: ResolvedContainer; folders: readonly ResolvedFolder[] }
  | Wait;

/** A wait until a container is healthy or a job has finished. */
export type Wait = {
  do: 'wait';
  container: ResolvedContainer;
  /** Set for a container that was already running. */
  holds: readonly Hold[];
};

/** After this dependency starts, the container must pass its probe for that long. */
export type Hold = { role: string; name: string; seconds: number };

/** The work of a step, if it is a step on a container or a job; only their drivers create this work. */
export function containerWork(step: Step): ContainerWork | undefined {
  const kind = kindOf(step.of);
  return kind === 'container' || kind === 'job' ? (step.work as ContainerWork) : undefined;
}

/** The works of one kind in a plan, in its order. */
export function worksOf<Do extends ContainerWork['do']>(
  plan: Pick<Plan, 'steps'>,
  which: Do,
): readonly Extract<ContainerWork, { do: Do }>[] {
  return plan.steps.flatMap((step) => {
    const work = containerWork(step);
    return work?.do === which ? [work as Extract<ContainerWork, { do: Do }>] : [];
  });
}
