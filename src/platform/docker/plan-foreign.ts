import { ArcError, exitStatus, type Problem } from '../../core/errors.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/**
 * Containers that have a name which the stack wants, but that this project did not make, are never touched, and the
 * data of another project is never written to. A volume that no project of arc made is used as it is: that is how
 * data comes over from Docker Compose.
 *
 * @throws ArcError `container-name-taken` and `volume-taken`, with every one of them and how to free its name
 */
export function refuseForeign(options: { stack: ResolvedStack; snapshot: Snapshot }): void {
  const { stack, snapshot } = options;
  const wanted = new Set(stack.containers.map(({ name }) => name));
  const wantedVolumes = new Set(stack.volumes.map(({ name }) => name));
  const [first, ...others] = [
    ...snapshot.containers
      .filter(({ name, project }) => wanted.has(name) && project !== snapshot.project)
      .map((container) => nameTaken(container, snapshot.project)),
    ...snapshot.volumes.flatMap(({ name, project }) =>
      wantedVolumes.has(name) && project !== undefined && project !== snapshot.project
        ? [volumeTaken({ name, project }, snapshot.project)]
        : [],
    ),
  ];
  if (first) throw new ArcError({ problem: [first, ...others], status: exitStatus.failed });
}

function volumeTaken(volume: { name: string; project: string }, ours: string): Problem {
  return {
    code: 'volume-taken',
    message: `There is a volume named ${volume.name} already, with data of the arc project "${volume.project}", not of the project "${ours}".`,
    detail: ['arc never writes to the data of another project'],
    suggestion: `if that data is no longer needed, run arc clean in its workspace or docker volume rm ${volume.name}; or choose another container name`,
  };
}

function nameTaken(container: ObservedContainer, project: string): Problem {
  const { name, state, image } = container;
  const owner = container.project
    ? `the arc project "${container.project}"`
    : (container.maker ?? 'something else than arc');
  return {
    code: 'container-name-taken',
    message: `There is a container named ${name} already, and it was made by ${owner}, not by the project "${project}".`,
    detail: [`it is ${state} and runs ${image}; arc removes only what it has made itself`],
    suggestion: container.project
      ? 'run arc down in its workspace, or choose other container names'
      : `docker rm -f ${name}, if you no longer need it`,
  };
}
