import { describe, expect, test } from 'vitest';
import { container, job, manifests, release, service } from '../../tests/fixtures/manifests.ts';
import { type ReadWorkflow, readWorkflow } from '../../tests/fixtures/workflows.ts';
import type { ServiceManifest } from '../manifest/model.ts';
import type { ReleaseManifest } from '../manifest/model-release.ts';
import { generateArtefacts } from './generate.ts';
import { expression } from './workflow.ts';

const realtime = service({
  role: 'realtime',
  sidecars: [container({ role: 'realtime-egress', needs: ['realtime'] })],
  jobs: [job({ role: 'realtime-rooms', needs: ['realtime'] })],
});
const cache = service({ role: 'cache' });

function workflows(
  options: {
    services?: readonly ServiceManifest[];
    wanted?: readonly string[];
    settings?: ReleaseManifest;
  } = {},
): ReadonlyMap<string, string> {
  const { services = [realtime, cache], wanted = [], settings } = options;
  const artefacts = generateArtefacts({
    manifests: manifests({ services, ...(settings === undefined ? {} : { release: settings }) }),
    templates: new Map(),
    services: wanted,
    bringsArc: true,
  });
  return new Map(
    artefacts.filter(({ path }) => path.startsWith('.github/')).map(({ path, text }) => [path, text]),
  );
}

function workflowOf(
  settings: Partial<ReleaseManifest> = {},
  services?: readonly ServiceManifest[],
): ReadWorkflow {
  const all = workflows({ settings: release(settings), ...(services === undefined ? {} : { services }) });
  return readWorkflow(all.get('.github/workflows/arc-realtime.yml') ?? '');
}

describe('the workflow of a service', () => {
  test('is there for each service, beside one that they share, once the workspace says where it is released', () => {
    expect(workflows().size).toBe(0);
    expect([...workflows({ settings: release() }).keys()]).toEqual([
      '.github/workflows/arc-cache.yml',
      '.github/workflows/arc-realtime.yml',
      '.github/workflows/arc.yml',
    ]);
    expect([...workflows({ settings: release(), wanted: ['cache'] }).keys()]).toEqual([
      '.github/workflows/arc-cache.yml',
      '.github/workflows/arc.yml',
    ]);
  });

  test('is short: what it does is in the shared one', () => {
    const text = workflows({ settings: release({ sign: 'keyless' }) }).get('.github/workflows/arc-cache.yml');
    expect(text?.trimEnd().split('\n').length).toBeLessThanOrEqual(19);
  });

  test('runs when what its images are made from changes, when a version is tagged, and by hand', () => {
    const paths = [
      'services/realtime/**',
      'arc.yaml',
      'images.lock.yaml',
      '.github/workflows/arc-realtime.yml',
      '.github/workflows/arc.yml',
    ];
    expect(workflowOf().on).toEqual({
      push: { branches: ['main'], tags: ['realtime/v*.*.*'], paths },
      pull_request: { paths },
      workflow_dispatch: {
        inputs: { version: { description: 'Version to rehearse; nothing is released.', type: 'string' } },
      },
    });
    expect(workflowOf({ branch: 'release #1' }).on.push?.branches).toEqual(['release #1']);
  });

  test('names its images by their containers; a job has none of its own', () => {
    const { with: values } = workflowOf().jobs.realtime ?? {};
    expect(values).toMatchObject({ service: 'realtime', version: expression('inputs.version') });
    expect(JSON.parse(values?.images ?? '')).toEqual(['arc-realtime', 'arc-realtime-egress']);
  });

  test('grants what a release needs, and an identity to sign with only where arc.yaml wants that', () => {
    expect(workflowOf().permissions).toEqual({});
    expect(workflowOf().jobs.realtime?.permissions).toEqual({ contents: 'write', packages: 'write' });
    expect(workflowOf({ sign: 'keyless' }).jobs.realtime?.permissions).toHaveProperty('id-token', 'write');
  });

  test('hands over the secrets that its jobs read, and no others', () => {
    expect(workflowOf().jobs.realtime).not.toHaveProperty('secrets');
    const elsewhere = service({ role: 'realtime', image: 'harbor.example:5000/team/realtime:latest' });
    expect(Object.keys(workflowOf({ sign: 'key' }, [elsewhere]).jobs.realtime?.secrets ?? {})).toEqual([
      'REGISTRY_HARBOR_EXAMPLE_5000_USERNAME',
      'REGISTRY_HARBOR_EXAMPLE_5000_PASSWORD',
      'COSIGN_PRIVATE_KEY',
      'COSIGN_PASSWORD',
    ]);
  });

  test('a newer push to a pull request replaces the older run; releases wait for each other, and none is cut off', () => {
    const { concurrency } = workflowOf();
    expect(concurrency?.group).toContain("github.ref_type == 'tag' && 'release'");
    expect(concurrency?.['cancel-in-progress']).toBe(expression("github.event_name == 'pull_request'"));
  });
});
