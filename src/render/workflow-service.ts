import type { ReleaseManifest } from '../manifest/model-release.ts';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { withHeader } from './header.ts';
import { expression, imageNames, permissionText, workflowFolder, workflowSituation } from './workflow.ts';
import { releasePermissions } from './workflow-release-jobs.ts';
import { sharedWorkflow, workflowSecrets } from './workflow-shared.ts';

/** One workflow a service, which says when it runs and calls the shared one, where the workspace is released. */
export const serviceWorkflows: ArtefactRenderer = (blueprint) => {
  const { release } = blueprint;
  if (release === undefined) return [];
  return blueprint.services.map((service): Artefact => {
    const text = caller({ service, blueprint, release });
    return {
      path: workflowPath(service),
      text: withHeader({ source: `${service.manifest.file} and arc.yaml`, text }),
    };
  });
};

function workflowPath({ manifest }: ServiceBlueprint): string {
  return `${workflowFolder}/arc-${manifest.role}.yml`;
}

/** Written out rather than dumped, so that it is short: what it does is in the shared workflow. */
function caller(options: {
  service: ServiceBlueprint;
  blueprint: Blueprint;
  release: ReleaseManifest;
}): string {
  const { service, blueprint, release } = options;
  const { role, folder } = service.manifest;
  const secrets = workflowSecrets(workflowSituation({ blueprint, release }));
  const permissions = Object.entries(releasePermissions(release));
  // Labels, and the digests of the bases. Profiles and other services are no part of an image.
  const paths = flow([`${folder}/**`, 'arc.yaml', 'images.lock.yaml', workflowPath(service), sharedWorkflow]);
  // A newer push to a pull request replaces the run of the older one. Releases of a service wait for each other, because
  // two versions at the same time would both move `latest`, and none is cut off. Every other commit gets its run.
  const group = [
    'github.workflow',
    'github.event_name',
    "github.event.pull_request.number || (github.ref_type == 'tag' && 'release') || github.sha",
  ];
  return `# Builds, publishes and releases ${role}; ${sharedWorkflow} says how.
name: ${role}
on:
  push: { branches: ${flow([release.branch])}, tags: ${flow([`${role}/v*.*.*`])}, paths: ${paths} }
  pull_request: { paths: ${paths} }
  workflow_dispatch: { inputs: { version: { description: Version to rehearse; nothing is released., type: string } } }
permissions: {}
concurrency: { group: "${group.map(expression).join('-')}", cancel-in-progress: "${expression("github.event_name == 'pull_request'")}" }
jobs:
  ${role}:
    name: ${role}
    uses: ./${sharedWorkflow}
    permissions:
${permissions.map(([name, permission]) => `      ${name}: ${permissionText(permission)}\n`).join('')}    with: { service: ${role}, images: '${JSON.stringify(imageNames(service))}', version: '${expression('inputs.version')}' }
${secrets.length === 0 ? '' : `    secrets: { ${secrets.map((name) => `${name}: '${expression(`secrets.${name}`)}'`).join(', ')} }\n`}`;
}

/** A list in one line. */
function flow(items: readonly string[]): string {
  return `[${items.map((item) => (/^[\w./*-]+$/.test(item) && !item.startsWith('*') ? item : JSON.stringify(item))).join(', ')}]`;
}
