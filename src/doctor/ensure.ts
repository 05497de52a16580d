import type { EngineConnection } from '../engine/connect.ts';
import { ArcError, exitStatus, type Problem } from '../errors.ts';
import { thisMachine } from '../host/machine.ts';
import type { EventSink } from '../output/event.ts';
import type { Repair } from './check.ts';
import { engineCheck } from './checks/engine.ts';
import { readEngineFacts } from './engine-facts.ts';
import { bootChecks, examine } from './examine.ts';
import { openEngine } from './open-engine.ts';
import { registryAnswers } from './registries.ts';
import type { Situation, WorkspaceSituation } from './situation.ts';

/**
 * Makes sure of what a boot cannot do without: an Engine (installed and started where it is missing, with consent),
 * free ports, memory and disk. Takes as long as two questions to the Engine when all is fine.
 *
 * @param options.yes consent was given beforehand
 * @param options.ask asks a person for consent, and throws where it is refused; absent where nobody can be asked
 * @returns the Engine, connected; the caller closes it
 * @throws ArcError (exit status 4) with every problem that keeps the stack from booting
 */
export async function ensurePrerequisites(
  options: Surroundings & {
    yes: boolean;
    ask?: (question: string) => Promise<void>;
    emit: EventSink;
    signal: AbortSignal;
  },
): Promise<EngineConnection> {
  const { environment, emit, signal } = options;
  let opened = await openEngine(environment);
  if (opened instanceof ArcError) {
    const [finding] = await engineCheck.examine(situationOf({ ...options, engine: opened }));
    const repair = finding && 'repair' in finding ? finding.repair : undefined;
    if (!repair) throw opened;
    await consentTo(repair, opened, options);
    await repair.run({ emit, signal });
    opened = await openEngine(environment);
    if (opened instanceof ArcError) throw opened;
  }

  const findings = await examine(bootChecks, situationOf({ ...options, engine: opened.facts }));
  const problems: Problem[] = [];
  for (const finding of findings) {
    if (finding.state === 'missing') problems.push(finding.problem);
    if (finding.state === 'warning') emit({ type: 'warning', problem: finding.problem });
  }
  const [first, ...rest] = problems;
  if (first === undefined) return opened.connection;
  opened.connection.close();
  throw new ArcError({ problem: [first, ...rest], status: exitStatus.prerequisite });
}

/** What {@link ensurePrerequisites} would refuse or warn of, with an Engine that is there. Changes nothing. */
export async function findObstacles(
  options: Surroundings & { connection: EngineConnection },
): Promise<readonly Problem[]> {
  const engine = await readEngineFacts(options);
  const findings = await examine(bootChecks, situationOf({ ...options, engine }));
  return findings.flatMap((finding) => ('problem' in finding ? [finding.problem] : []));
}

/** What of a boot the checks look at, beside the Engine. */
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
    engine,
  };
}

/** Without a terminal the error says how to consent, and still what is wrong. */
async function consentTo(
  repair: Repair,
  error: ArcError,
  { yes, ask }: { yes: boolean; ask?: (question: string) => Promise<void> },
): Promise<void> {
  if (yes) return;
  const [problem] = error.problems;
  if (ask) return ask(`${problem.message} Shall arc ${repair.action}?`);
  throw new ArcError({
    problem: { ...problem, suggestion: `add --yes to let arc ${repair.action}` },
    status: exitStatus.prerequisite,
    cause: error,
  });
}
