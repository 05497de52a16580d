import {
  arcCommand,
  checkOut,
  expression,
  getArc,
  type Job,
  logIn,
  needsLoginSecrets,
  runner,
  type Step,
  secretsEnvironment,
  setUpBuildx,
  type WorkflowSituation,
} from './workflow.ts';

/** The platform of what is published between releases: that of the runner, and of most who try it. */
const platform = 'linux/amd64';

/** Three images take less than five minutes; a run that takes longer hangs. Minutes. */
const limit = 15;

/**
 * Jobs that build a service's images when their sources change. Pushes to the branch publish them; pull requests and
 * manual runs build and push nothing. There are two jobs because only one of them may write packages.
 */
export function imageJobs(situation: WorkflowSituation): { build: Job; publish: Job } {
  return {
    build: {
      name: `Build ${expression('matrix.image')}`,
      ...job,
      if: "github.event_name == 'pull_request' || (github.event_name == 'workflow_dispatch' && inputs.version == '')",
      permissions: { contents: 'read' },
      steps: [
        checkOut({ history: false }),
        ...getArc(situation),
        // Never from recipes, even if a registry is slow: the image must be the one that would be published.
        forImage({ name: 'Build', command: 'build', flags: ['--bases registry'], situation }),
      ],
    },
    publish: {
      name: `Publish ${expression('matrix.image')}`,
      ...job,
      if: "github.event_name == 'push' && github.ref_type == 'branch'",
      ...(needsLoginSecrets(situation) ? { environment: secretsEnvironment } : {}),
      permissions: { contents: 'read', packages: { write: 'the images' } },
      steps: [
        checkOut({ history: false }),
        setUpBuildx,
        ...getArc(situation),
        ...logIn(situation),
        forImage({ name: 'Publish', command: 'publish', flags: [], situation }),
      ],
    },
  };
}

const job: Pick<Job, 'runs-on' | 'timeout-minutes' | 'strategy'> = {
  'runs-on': runner,
  'timeout-minutes': limit,
  // Each image beside the others, and to its end whatever becomes of them.
  strategy: { 'fail-fast': false, matrix: { image: expression('fromJSON(inputs.images)') } },
};

function forImage(options: {
  name: string;
  command: 'build' | 'publish';
  flags: readonly string[];
  situation: WorkflowSituation;
}): Step {
  const { name, command, flags, situation } = options;
  return {
    name,
    env: { IMAGE: expression('matrix.image') },
    run: [`${arcCommand(situation)} ${command} "$IMAGE" --platform ${platform}`, ...flags].join(' '),
  };
}
