import type { Driver } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { nameOf } from '../../../core/resource.ts';
import { ownLabels } from '../container-spec.ts';
import type { Snapshot } from '../snapshot.ts';
import type { DockerRun } from './run.ts';

type Volume = Snapshot['volumes'][number];

/** The wanted state of a volume. */
export type VolumeWanted = {
  project: string;
  role: string;
  /** The volume that holds the data under an old name, if the wanted one does not exist. */
  former?: string;
};

type VolumeWork = { role: string | undefined };

/**
 * Data of a container. arc never changes a volume, and never writes to the data of another project. It uses a volume
 * that no arc project made unchanged, so that data of Docker Compose can move to arc.
 */
export const volumeDriver: Driver<VolumeWanted, Volume, undefined, VolumeWork, DockerRun> = {
  kind: 'volume',
  decide: ({ address, wanted, seen }) => {
    const name = nameOf(address);
    if (wanted === undefined) {
      const { role, config } = seen?.state ?? {};
      const data = role ? `data of ${role}` : 'data';
      return {
        kind: 'delete',
        cause: config ? 'config files of a container that is gone' : data,
        event: `the volume ${name} is removed`,
      };
    }
    const former = wanted.spec.former;
    if (seen === undefined && former !== undefined)
      return { kind: 'refuse', problem: volumeRenamed({ name, role: wanted.spec.role, former }) };
    if (seen === undefined)
      return { kind: 'create', cause: 'no existing volume', event: `the volume ${name} is new` };
    const { project } = seen.state;
    const ours = wanted.spec.project;
    if (project !== undefined && project !== ours)
      return { kind: 'refuse', problem: volumeTaken({ name, project, ours }) };
    const { driver = usualDriver } = seen.state;
    if (driver === usualDriver) return { kind: 'keep' };
    return { kind: 'refuse', problem: otherDriver({ name, driver, role: wanted.spec.role }) };
  },
  steps: ({ wanted, seen, decision }) => {
    const work = { role: wanted?.spec.role ?? seen?.state.role };
    if (decision.kind === 'create') return [{ verb: 'create', stage: 'make', cause: decision.cause, work }];
    if (decision.kind === 'delete') return [{ verb: 'remove', stage: 'remove', cause: decision.cause, work }];
    return [];
  },
  apply: async ({ step, at: { engine, project, owner } }) => {
    const name = nameOf(step.on);
    const { role } = step.work;
    if (step.verb === 'remove') await engine.removeVolume({ name });
    else await engine.createVolume({ name, labels: ownLabels({ project, owner, ...(role && { role }) }) });
    return 'done';
  },
};

/** Docker's driver for data on the Engine's own machine, which arc uses. */
const usualDriver = 'local';

/** arc cannot move data from one driver to another, and a volume cannot change its driver. */
function otherDriver(options: { name: string; driver: string; role: string }): Problem {
  const { name, driver, role } = options;
  return {
    code: 'volume-driver',
    message: `The volume ${name} has the driver ${driver}, not ${usualDriver}, so the data of ${role} is not where arc keeps it.`,
    detail: ['somebody recreated it; arc never removes data to correct a driver'],
    suggestion: `copy the data to keep it, stop ${role} and remove the volume with docker volume rm ${name}; arc up then creates it with the driver ${usualDriver}`,
  };
}

function volumeTaken(options: { name: string; project: string; ours: string }): Problem {
  const { name, project, ours } = options;
  return {
    code: 'volume-taken',
    message: `The volume ${name} already exists, with data of the arc project "${project}", not of the project "${ours}".`,
    detail: ['arc never writes to the data of another project'],
    suggestion: `if that data is no longer needed, run arc clean in its workspace or docker volume rm ${name}; or let this workspace have names of its own: \`names: project\` in arc.yaml`,
  };
}

function volumeRenamed(options: { name: string; role: string; former: string }): Problem {
  const { name, role, former } = options;
  return {
    code: 'volume-renamed',
    message: `The data of ${role} is in the volume ${former}, and ${role} would start with an empty one, ${name}.`,
    detail: ['arc.yaml (`names`) or the manifest (`name`) gives other names than before'],
    suggestion:
      'give the old names again to keep the data; docs/two-stacks.md says how to copy it; ' +
      `arc clean ${role} removes it`,
  };
}
