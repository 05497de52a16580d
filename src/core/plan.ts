import { arrange, type Planned } from './arrange.ts';
import { decideAll, type Subject } from './decide.ts';
import type { Decider, Decision } from './driver.ts';
import { ArcError, exitStatus, type Problem } from './errors.ts';
import { type Address, kindOf, nameOf, needsOf, type Resource, type Seen } from './resource.ts';
import type { Plan, StepDraft } from './step.ts';

export type PlanRequest = {
  project: string;
  wanted: readonly Resource[];
  /** Every observed resource, also those outside of the request, because they decide the order of stops. */
  seen: ReadonlyMap<Address, Seen>;
  /** The observed resources to remove. The plan leaves every other unwanted resource alone. */
  unwanted?: Iterable<Address>;
  drivers: ReadonlyMap<string, Decider>;
  /** Servers whose contents arc has observed. */
  asked?: ReadonlySet<Address>;
};

/**
 * Plans the steps from the observed state to the wanted one. Pure: the same request gives the same plan. `arc plan`
 * prints what `arc up` does, because both call this.
 *
 * @throws ArcError with every refusal of a driver: a foreign name, a change that its server cannot make
 */
export function makePlan(request: PlanRequest): Plan {
  const { project, drivers, seen } = request;
  const { subjects, decisions } = decideAll(request);
  refuse(decisions);
  const planned = subjects.map(
    (subject): Planned => ({
      address: subject.address,
      // A resource inside a server also waits for that server.
      needs: subject.wanted === undefined ? (subject.seen?.needs ?? []) : needsOf(subject.wanted),
      drafts: draftsOf({ drivers, subject, decisions }),
    }),
  );
  return { project, steps: arrange({ planned, seen }) };
}

function refuse(decisions: ReadonlyMap<Address, Decision>): void {
  const problems = [...decisions.values()].flatMap((decision): readonly Problem[] =>
    decision.kind === 'refuse' ? [decision.problem] : [],
  );
  const [first, ...others] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...others], status: exitStatus.failed });
}

function draftsOf(options: {
  drivers: ReadonlyMap<string, Decider>;
  subject: Subject;
  decisions: ReadonlyMap<Address, Decision>;
}): readonly StepDraft[] {
  const { drivers, subject, decisions } = options;
  const decision = decisions.get(subject.address);
  if (decision === undefined || decision.kind === 'refuse') return [];
  if (decision.kind === 'unknown')
    return [
      {
        verb: 'expand',
        ...(subject.wanted?.owner && { title: subject.wanted.owner }),
        stage: 'make',
        cause: decision.cause ?? `known once ${nameOf(decision.until)} runs`,
        work: subject.wanted,
      },
    ];
  const driver = drivers.get(kindOf(subject.address));
  return driver?.steps({ ...subject, decision, decided: (other) => decisions.get(other) }) ?? [];
}
