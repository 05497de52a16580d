import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import { thisMachine } from '../host/machine.ts';
import type { BaseBuild } from '../images/context.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { Finding, RepairTools, Shortcoming } from './check.ts';
import { engineCheck } from './checks/engine.ts';
import type { EngineFacts } from './engine-facts.ts';
import { bootChecks, examine } from './examine.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { type Agreement, putRight } from './put-right.ts';
import { requirementsOf } from './recipe-requirements.ts';
import { registryAnswers } from './registries.ts';
import { type Requirement, shortcomingsOf } from './requirement.ts';
import type { Situation, WorkspaceSituation } from './situation.ts';

/**
 * Makes sure that a boot has what it needs: an Engine (installed and started if missing, with consent), free ports,
 * memory and disk. If everything is fine, this takes as long as two requests to the Engine.
 *
 * @param options.builds the bases that will be built here as far as that is known without an Engine; asked where there
 *   is none, so that all that is missing is said, and installed, together
 * @param options.connected connects for the first time, or has begun to
 * @param options.first done with the Engine before it is asked for anything else: what is found then stays true
 * @returns the Engine, connected, and what was seen of it; the caller closes it
 * @throws ArcError (exit status 4) with every problem that keeps the stack from booting
 */
export async function ensurePrerequisites(
  options: Surroundings &
    Agreement &
    RepairTools & {
      builds: () => Promise<readonly BaseBuild[]>;
      connected: () => Promise<EngineConnection>;
      first: (connection: EngineConnection) => Promise<void>;
    },
): Promise<OpenedEngine> {
  const { environment, emit, connected, first: begin } = options;
  let opened = await openEngine(environment, { connected, first: begin, ahead: true });
  if (opened instanceof ArcError) {
    const situation = situationOf({ ...options, engine: opened });
    const findings = await engineCheck.examine(situation);
    const tools = requirementsOf(await options.builds());
    await putRight({
      ...options,
      missing: [...findings.filter(isMissing), ...(await shortcomingsOf(tools, situation.machine))],
    });
    opened = await openEngine(environment, { first: begin, ahead: true });
    if (opened instanceof ArcError) throw opened;
  }

  const findings = await examine(bootChecks, situationOf({ ...options, engine: opened.facts }));
  const problems: Problem[] = [];
  for (const finding of findings) {
    if (finding.state === 'missing') problems.push(finding.problem);
    if (finding.state === 'warning') emit({ type: 'warning', problem: finding.problem });
  }
  const [first, ...rest] = problems;
  if (first === undefined) return opened;
  opened.connection.close();
  throw new ArcError({ problem: [first, ...rest], status: exitStatus.prerequisite });
}

/**
 * Makes sure that an Engine and programs are there, for commands that need both. Reports and installs everything that
 * is missing together.
 *
 * @throws ArcError (exit status 4) with all that is missing
 */
export async function ensureMachine(
  options: Agreement &
    RepairTools & {
      requirements: readonly Requirement[];
      environment: Readonly<Record<string, string>>;
      columns: number;
    },
): Promise<void> {
  const { requirements, environment, columns } = options;
  const look = async () => {
    const opened = await openEngine(environment);
    if (!(opened instanceof ArcError)) opened.connection.close();
    const engine = opened instanceof ArcError ? opened : opened.facts;
    const machine = thisMachine({ environment });
    const situation = { environment, columns, machine, engine, registries: async () => [], udpBuffers: [] };
    const findings = await engineCheck.examine(situation);
    return [...findings.filter(isMissing), ...(await shortcomingsOf(requirements, machine))];
  };
  await putRight({ ...options, missing: await look() });
  const [still, ...others] = (await look()).map(({ problem }) => problem);
  if (still !== undefined)
    throw new ArcError({ problem: [still, ...others], status: exitStatus.prerequisite });
}

/**
 * Makes sure of the tools that bases are built with, before the first is begun.
 *
 * @throws ArcError (exit status 4) with all that is missing
 */
export async function ensureTools(
  options: Agreement &
    RepairTools & { builds: readonly BaseBuild[]; environment: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  const { builds, environment } = options;
  const machine = thisMachine({ environment });
  await putRight({ ...options, missing: await shortcomingsOf(requirementsOf(builds), machine) });
}

function isMissing(finding: Finding): finding is Shortcoming {
  return finding.state === 'missing';
}

/** Reports what {@link ensurePrerequisites} would refuse or warn about, with an existing Engine. Changes nothing. */
export async function findObstacles(
  options: Surroundings & { engine: EngineFacts },
): Promise<readonly Problem[]> {
  const findings = await examine(bootChecks, situationOf(options));
  return findings.flatMap((finding) => ('problem' in finding ? [finding.problem] : []));
}

/** The parts of a boot that the checks look at, besides the Engine. */
type Surroundings = {
  workspace: WorkspaceSituation;
  environment: Readonly<Record<string, string>>;
  columns: number;
};

function situationOf(options: Surroundings & { engine: Situation['engine'] }): Situation {
  const { workspace, environment, columns, engine } = options;
  return {
    environment,
    columns,
    machine: thisMachine({ environment }),
    workspace,
    registries: registryAnswers(workspace),
    // No boot fails for want of them.
    udpBuffers: [],
    engine,
  };
}
