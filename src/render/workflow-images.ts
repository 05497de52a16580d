import type { ReleaseManifest } from '../manifest/model.ts';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { withHeader } from './header.ts';
import {
  arcCommand,
  checkOut,
  expression,
  getArc,
  imageNames,
  type Job,
  logIn,
  needsLoginSecrets,
  runner,
  type Step,
  secretsEnvironment,
  setUpBuildx,
  type Workflow,
  workflowFolder,
  workflowText,
} from './workflow.ts';

/**
 * One workflow a service that builds its images when what they are made from changes, where the workspace says where
 * they come from. Pushes to its branch publish them; every other run builds and pushes nothing.
 */
export const imageWorkflows: ArtefactRenderer = (blueprint) => {
  const { release } = blueprint;
  if (release === undefined) return [];
  return blueprint.services.map((service): Artefact => {
    const { manifest } = service;
    const text = workflowText({
      about: [
        `Builds the images of ${manifest.role} when what they are made from changes. A push to ${release.branch} publishes each as`,
        'sha-<commit>, for one platform; a pull request and a manual run build them and push nothing.',
        `The same on your machine: arc build ${manifest.role}`,
      ],
      workflow: imagesWorkflow({ service, blueprint, release }),
    });
    return {
      path: workflowPath(service),
      text: withHeader({ source: `${manifest.file} and arc.yaml`, text }),
    };
  });
};

/** The platform of what is published between releases: that of the runner, and of most who try it. */
const platform = 'linux/amd64';

/** Three images take less than five minutes; a run that takes longer hangs. Minutes. */
const limit = 15;

function workflowPath({ manifest }: ServiceBlueprint): string {
  return `${workflowFolder}/${manifest.role}-images.yml`;
}

function imagesWorkflow(options: {
  service: ServiceBlueprint;
  blueprint: Blueprint;
  release: ReleaseManifest;
}): Workflow {
  const { service, blueprint, release } = options;
  const name = `${service.manifest.role}-images`;
  const paths = [
    `${service.manifest.folder}/**`,
    // Labels, and the digests of the bases. Profiles and other services are no part of an image.
    'arc.yaml',
    'images.lock.yaml',
    workflowPath(service),
  ];
  return {
    name,
    on: {
      push: { branches: [release.branch], paths },
      pull_request: { paths },
      workflow_dispatch: null,
    },
    concurrency: {
      // A newer push to a pull request replaces the run of the older one; otherwise every commit gets its run.
      group: [
        name,
        expression('github.event_name'),
        expression('github.event.pull_request.number || github.sha'),
      ].join('-'),
      'cancel-in-progress': expression("github.event_name == 'pull_request'"),
    },
    jobs: {
      // Two jobs, because only one of them may write packages.
      build: {
        name: `Build ${expression('matrix.image')}`,
        ...job(service),
        if: "github.event_name != 'push'",
        permissions: { contents: 'read' },
        steps: [
          checkOut({ history: false }),
          ...getArc(blueprint),
          // Not from recipes, where a registry is slow: it is to be what would be published.
          forImage({ name: 'Build', command: 'build', flags: ['--bases registry'], blueprint }),
        ],
      },
      publish: {
        name: `Publish ${expression('matrix.image')}`,
        ...job(service),
        if: "github.event_name == 'push'",
        ...(needsLoginSecrets(service) ? { environment: secretsEnvironment } : {}),
        permissions: { contents: 'read', packages: { write: 'the images' } },
        steps: [
          checkOut({ history: false }),
          setUpBuildx,
          ...getArc(blueprint),
          ...logIn(service),
          forImage({ name: 'Publish', command: 'publish', flags: [], blueprint }),
        ],
      },
    },
  };
}

function job(service: ServiceBlueprint): Pick<Job, 'runs-on' | 'timeout-minutes' | 'strategy'> {
  return {
    'runs-on': runner,
    'timeout-minutes': limit,
    // Each image beside the others, and to its end whatever becomes of them.
    strategy: { 'fail-fast': false, matrix: { image: imageNames(service) } },
  };
}

function forImage(options: {
  name: string;
  command: 'build' | 'publish';
  flags: readonly string[];
  blueprint: Blueprint;
}): Step {
  const { name, command, flags, blueprint } = options;
  return {
    name,
    env: { IMAGE: expression('matrix.image') },
    run: [`${arcCommand(blueprint)} ${command} "$IMAGE" --platform ${platform}`, ...flags].join(' '),
  };
}
