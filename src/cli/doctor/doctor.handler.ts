import { Chalk } from 'chalk';
import { confirm } from '../../app/consent.ts';
import { providers, serversOf } from '../../app/providers.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { ArcError, exitStatus, invalid } from '../../core/errors.ts';
import type { Repair } from '../../doctor/check.ts';
import { allChecks, type CheckedFinding, examine } from '../../doctor/examine.ts';
import { openEngine } from '../../doctor/open-engine.ts';
import { capitalized } from '../../doctor/put-right.ts';
import { registryAnswers } from '../../doctor/registries.ts';
import { carryOutRepairs, describeRepairs } from '../../doctor/repairs.ts';
import type { WorkspaceSituation } from '../../doctor/situation.ts';
import { thisMachine } from '../../host/machine.ts';
import type { UdpBuffers } from '../../providers/provider.ts';
import { asBootable } from '../../stack/bootable.ts';
import type { Cli, Handler } from '../cli.ts';
import { findStack } from './find-stack.ts';
import { lookFromOutside } from './public.ts';
import { doctorReport, formatReport } from './report.ts';

export type DoctorOptions = SelectionOptions & { fix?: boolean; yes?: boolean; public?: boolean };

/** Looks, repairs what there is consent for, looks again, and says how it is. */
export const diagnose: Handler<DoctorOptions> = async (options, cli) => {
  if (options.fix === true && options.yes !== true && cli.ask === undefined) {
    throw invalid({
      code: 'needs-consent',
      message: '--fix asks before it changes anything, and arc has no terminal to ask on.',
      suggestion: 'add --yes to agree to everything that arc doctor would repair',
    });
  }
  const findings = await findingsOf(options, cli);
  const report = doctorReport(findings);
  const chalk = new Chalk(cli.colour ? {} : { level: 0 });
  cli.result({ data: report, text: () => formatReport({ report, columns: cli.columns, chalk }) });
  return report.ready ? exitStatus.done : exitStatus.prerequisite;
};

async function findingsOf(options: DoctorOptions, cli: Cli): Promise<readonly CheckedFinding[]> {
  const { fix = false } = options;
  if (options.public === true) {
    if (!fix) return lookFromOutside(options, cli);
    throw invalid({
      code: 'bad-flag',
      message: '--public looks at what others reach, which --fix cannot repair.',
      suggestion: 'run `arc doctor --fix` without it',
    });
  }
  const found = await look(options, cli);
  return fix ? repairAll(found, options, cli) : found;
}

async function look(options: DoctorOptions, cli: Cli): Promise<readonly CheckedFinding[]> {
  const [workspace, opened] = await Promise.all([findStack(options, cli), openEngine(cli.environment)]);
  try {
    return await examine(allChecks, {
      environment: cli.environment,
      columns: cli.columns,
      machine: thisMachine({ environment: cli.environment }),
      engine: opened instanceof ArcError ? opened : opened.facts,
      ...(workspace === undefined ? {} : { workspace }),
      udpBuffers: wantedUdpBuffers(workspace),
      registries: registryAnswers(workspace instanceof ArcError ? undefined : workspace),
    });
  } finally {
    if (!(opened instanceof ArcError)) opened.connection.close();
  }
}

function wantedUdpBuffers(workspace: WorkspaceSituation | ArcError | undefined): readonly UdpBuffers[] {
  const all =
    workspace === undefined || workspace instanceof ArcError
      ? providers
      : serversOf(asBootable(workspace.stack)).map(({ provider }) => provider);
  return all.flatMap(({ udpBuffers }) => udpBuffers ?? []);
}

/** Repairs in rounds, since an Engine that has just been started shows what else is amiss. */
async function repairAll(
  found: readonly CheckedFinding[],
  options: DoctorOptions,
  cli: Cli,
): Promise<readonly CheckedFinding[]> {
  const tried = new Set<string>();
  let findings = found;
  for (;;) {
    const repairs = repairsOf(findings).filter(({ id }) => !tried.has(id));
    if (repairs.length === 0) return findings;
    for (const { id } of repairs) tried.add(id);
    for (const group of asGroups(repairs)) {
      await confirm({
        context: cli,
        question: `${capitalized(describeRepairs(group))}?`,
        flag: '--yes',
        given: options.yes === true,
      });
      await attempt(group, cli);
    }
    findings = await look(options, cli);
  }
}

function repairsOf(findings: readonly CheckedFinding[]): readonly Repair[] {
  return findings.flatMap((finding) => ('repair' in finding && finding.repair ? [finding.repair] : []));
}

/** Repairs that install packages share one installation; the others run separately. */
function asGroups(repairs: readonly Repair[]): readonly (readonly Repair[])[] {
  const installing = repairs.filter(({ packages }) => packages !== undefined);
  const others = repairs.filter(({ packages }) => packages === undefined);
  return [...(installing.length > 0 ? [installing] : []), ...others.map((repair) => [repair])];
}

/** A failed repair is shown, and the other repairs still run. */
async function attempt(repairs: readonly Repair[], cli: Cli): Promise<void> {
  try {
    await carryOutRepairs({ repairs, emit: cli.emit, signal: cli.signal });
  } catch (error) {
    if (!(error instanceof ArcError) || cli.signal.aborted) throw error;
    for (const problem of error.problems) cli.emit({ type: 'error', problem });
  }
}
