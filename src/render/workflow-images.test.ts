import { describe, expect, test } from 'vitest';
import { container, job, manifests, release, service } from '../../tests/fixtures/manifests.ts';
import { type ReadWorkflow, readWorkflow, stepsOf } from '../../tests/fixtures/workflows.ts';
import type { ReleaseManifest, ServiceManifest } from '../manifest/model.ts';
import { generateArtefacts } from './generate.ts';
import { expression } from './workflow.ts';

const realtime = service({
  role: 'realtime',
  sidecars: [container({ role: 'realtime-egress', needs: ['realtime'] })],
  jobs: [job({ role: 'realtime-rooms', needs: ['realtime'] })],
});
const cache = service({ role: 'cache' });

function workflows(options: {
  services?: readonly ServiceManifest[];
  wanted?: readonly string[];
  settings?: ReleaseManifest;
  bringsArc?: boolean;
}): ReadonlyMap<string, string> {
  const { services = [realtime, cache], wanted = [], settings, bringsArc = true } = options;
  const artefacts = generateArtefacts({
    manifests: manifests({ services, ...(settings === undefined ? {} : { release: settings }) }),
    templates: new Map(),
    services: wanted,
    bringsArc,
  });
  return new Map(
    artefacts.filter(({ path }) => path.endsWith('-images.yml')).map(({ path, text }) => [path, text]),
  );
}

function imagesOf(options: Parameters<typeof workflows>[0] = {}): ReadWorkflow {
  const text = workflows({ settings: release(), ...options }).get('.github/workflows/realtime-images.yml');
  return readWorkflow(text ?? '');
}

describe('the workflow that builds images', () => {
  test('is there for each service, once the workspace says where its images come from', () => {
    expect(workflows({}).size).toBe(0);
    expect([...workflows({ settings: release() }).keys()]).toEqual([
      '.github/workflows/cache-images.yml',
      '.github/workflows/realtime-images.yml',
    ]);
    expect([...workflows({ settings: release(), wanted: ['cache'] }).keys()]).toEqual([
      '.github/workflows/cache-images.yml',
    ]);
  });

  test('says in its first lines what it is generated from, what it does, and how to do that without it', () => {
    const text = workflows({ settings: release() }).get('.github/workflows/realtime-images.yml') ?? '';
    const comments = text.slice(0, text.indexOf('\nname:'));
    expect(comments).toContain('from services/realtime/service.yaml and arc.yaml. Do not edit');
    expect(comments).toContain('a pull request and a manual run build them and push nothing');
    expect(comments).toContain('arc build realtime\n');
  });

  test('runs when what its images are made from changes, on the branch and in pull requests', () => {
    const paths = [
      'services/realtime/**',
      'arc.yaml',
      'images.lock.yaml',
      '.github/workflows/realtime-images.yml',
    ];
    expect(imagesOf().on).toEqual({
      push: { branches: ['main'], paths },
      pull_request: { paths },
      workflow_dispatch: null,
    });
    expect(imagesOf({ settings: release({ branch: 'trunk' }) }).on.push?.branches).toEqual(['trunk']);
  });

  test('builds each image beside the others, by the name of its container; a job has none of its own', () => {
    for (const { strategy } of Object.values(imagesOf().jobs)) {
      expect(strategy).toEqual({
        'fail-fast': false,
        matrix: { image: ['arc-realtime', 'arc-realtime-egress'] },
      });
    }
  });

  test('publishes on a push alone; every other run may write nothing, and builds', () => {
    const { permissions, jobs } = imagesOf();
    expect(permissions).toEqual({});
    expect(jobs.publish).toMatchObject({
      if: "github.event_name == 'push'",
      permissions: { contents: 'read', packages: 'write' },
    });
    expect(jobs.build).toMatchObject({
      if: "github.event_name != 'push'",
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
    for (const { steps } of Object.values(imagesOf().jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });

  test('keeps no credentials in the checkout', () => {
    for (const { steps } of Object.values(imagesOf().jobs)) {
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

  test('a newer push to a pull request replaces the older run, and nothing replaces the run of a commit', () => {
    expect(imagesOf().concurrency).toEqual({
      group: `realtime-images-${expression('github.event_name')}-${expression('github.event.pull_request.number || github.sha')}`,
      'cancel-in-progress': expression("github.event_name == 'pull_request'"),
    });
  });
});
