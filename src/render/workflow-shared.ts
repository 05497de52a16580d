import type { ArtefactRenderer } from './artefact.ts';
import { withHeader } from './header.ts';
import {
  loginSecrets,
  type Workflow,
  type WorkflowSituation,
  workflowFolder,
  workflowSituation,
  workflowText,
} from './workflow.ts';
import { imageJobs } from './workflow-image-jobs.ts';
import { releaseJobs, signingSecrets } from './workflow-release-jobs.ts';

/** Path of the workflow that those of all services call. Releases are signed in its name. */
export const sharedWorkflow = `${workflowFolder}/arc.yml`;

/** The reusable workflow that every service's workflow calls, if the workspace has release settings. */
export const sharedWorkflows: ArtefactRenderer = (blueprint) => {
  const { release } = blueprint;
  if (release === undefined) return [];
  const text = workflowText({
    about: [
      'What the workflow of every service does: a pull request and a manual run build its images and push nothing, a',
      `push to ${release.branch} publishes each as sha-<commit>, for one platform, and the tag of a version releases it. A`,
      'release that was interrupted goes on where it stopped when it is run again. A manual run with a version is a',
      'rehearsal: it releases nothing. The same on your machine: arc build, arc publish, arc release.',
    ],
    workflow: reusable(workflowSituation({ blueprint, release })),
  });
  return [{ path: sharedWorkflow, text: withHeader({ source: 'arc.yaml', text }) }];
};

function reusable(situation: WorkflowSituation): Workflow {
  const secrets = workflowSecrets(situation);
  const input = (description: string, required: boolean) => ({ description, required, type: 'string' });
  return {
    name: 'arc',
    on: {
      workflow_call: {
        inputs: {
          service: input('Role of the service.', true),
          images: input('Names of its images, as a JSON list.', true),
          version: input('Version to rehearse; empty where nothing is rehearsed.', false),
        },
        ...(secrets.length === 0
          ? {}
          : { secrets: Object.fromEntries(secrets.map((name) => [name, { required: false }])) }),
      },
    },
    jobs: { ...imageJobs(situation), ...releaseJobs(situation) },
  };
}

/**
 * Secrets of the repository that the jobs read and a calling workflow has to pass on. Those of the environment
 * `release` take precedence.
 */
export function workflowSecrets(situation: WorkflowSituation): readonly string[] {
  return [...loginSecrets(situation), ...(situation.release.sign === 'key' ? signingSecrets : [])];
}
