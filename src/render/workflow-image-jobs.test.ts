import { describe, expect, test } from 'vitest';
import { container, manifests, release, service } from '../../tests/fixtures/manifests.ts';
import { type ReadJob, type ReadWorkflow, readWorkflow, stepsOf } from '../../tests/fixtures/workflows.ts';
import type { ServiceManifest } from '../manifest/model.ts';
import { generateArtefacts } from './generate.ts';
import { expression } from './workflow.ts';
import { sharedWorkflow } from './workflow-shared.ts';

const realtime = service({
  role: 'realtime',
  sidecars: [container({ role: 'realtime-egress', needs: ['realtime'] })],
});
const cache = service({ role: 'cache' });

function imagesOf(
  options: { services?: readonly ServiceManifest[]; bringsArc?: boolean } = {},
): ReadWorkflow {
  const { services = [realtime, cache], bringsArc = true } = options;
  const artefacts = generateArtefacts({
    manifests: manifests({ services, release: release() }),
    templates: new Map(),
    services: [],
    bringsArc,
  });
  return readWorkflow(artefacts.find(({ path }) => path === sharedWorkflow)?.text ?? '');
}

function imageJobsOf(): readonly ReadJob[] {
  const { build, publish } = imagesOf().jobs;
  if (build === undefined || publish === undefined) throw new Error('a job is missing');
  return [build, publish];
}

describe('the jobs that build images', () => {
  test('build each image beside the others, by the names that the service gives', () => {
    const { build, publish } = imagesOf().jobs;
    for (const job of [build, publish])
      expect(job?.strategy).toEqual({
        'fail-fast': false,
        matrix: { image: expression('fromJSON(inputs.images)') },
      });
  });

  test('publish on a push to the branch alone; a pull request or a manual run may write nothing, and builds', () => {
    const { permissions, jobs } = imagesOf();
    expect(permissions).toEqual({});
    expect(jobs.publish).toMatchObject({
      if: "github.event_name == 'push' && github.ref_type == 'branch'",
      permissions: { contents: 'read', packages: 'write' },
    });
    expect(jobs.build).toMatchObject({
      if: "github.event_name == 'pull_request' || (github.event_name == 'workflow_dispatch' && inputs.version == '')",
      permissions: { contents: 'read' },
    });
    expect(jobs.build?.permissions).not.toHaveProperty('packages');
  });

  test('its steps are commands for everybody, with the workspace’s own arc', () => {
    const { jobs } = imagesOf();
    expect(stepsOf(jobs.build)).toEqual([
      'actions/checkout',
      './bin/arc --version',
      './bin/arc build "$IMAGE" --platform linux/amd64 --bases registry',
    ]);
    expect(stepsOf(jobs.publish)).toEqual([
      'actions/checkout',
      'docker/setup-buildx-action',
      './bin/arc --version',
      `printf '%s' "$REGISTRY_PASSWORD" | docker login ghcr.io --username "$REGISTRY_USERNAME" --password-stdin`,
      './bin/arc publish "$IMAGE" --platform linux/amd64',
    ]);
  });

  test('elsewhere installs the arc that wrote it, with a Node.js that is new enough', () => {
    const [, node, install, build] = imagesOf({ bringsArc: false }).jobs.build?.steps ?? [];
    expect(node).toMatchObject({ with: { 'node-version': '24' } });
    expect(install?.run).toMatch(
      /^npm install --global .*@arc-framework\/arc@\d+\.\d+\.\d+\S*\narc --version\n$/,
    );
    expect(build?.run).toBe('arc build "$IMAGE" --platform linux/amd64 --bases registry');
  });

  test('writes no value of GitHub into a command, where it would be part of it', () => {
    for (const { steps } of imageJobsOf()) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });

  test('keeps no credentials in the checkout', () => {
    for (const { steps } of imageJobsOf()) {
      expect(steps[0]?.with).toEqual({ 'persist-credentials': false });
    }
  });

  test('logs in to another registry with secrets that only pushes see', () => {
    const elsewhere = service({ role: 'realtime', image: 'harbor.example:5000/team/realtime:latest' });
    const { jobs } = imagesOf({ services: [elsewhere] });
    expect(jobs.publish?.environment).toBe('release');
    expect(jobs.publish?.steps.find(({ name }) => name === 'Log in to harbor.example:5000')?.env).toEqual({
      REGISTRY_USERNAME: expression('secrets.REGISTRY_HARBOR_EXAMPLE_5000_USERNAME'),
      REGISTRY_PASSWORD: expression('secrets.REGISTRY_HARBOR_EXAMPLE_5000_PASSWORD'),
    });
    expect(JSON.stringify(jobs.build)).not.toContain('secrets.');
  });
});
