import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { container, manifests, release, service } from '../../tests/fixtures/manifests.ts';
import { type ReadJob, type ReadWorkflow, readWorkflow, stepsOf } from '../../tests/fixtures/workflows.ts';
import type { ReleaseManifest } from '../manifest/model-release.ts';
import { generateArtefacts } from './generate.ts';
import { expression } from './workflow.ts';
import { sharedWorkflow } from './workflow-shared.ts';

const services = [
  service({ role: 'realtime', sidecars: [container({ role: 'realtime-egress', needs: ['realtime'] })] }),
];

function releaseOf(settings: Partial<ReleaseManifest> = {}): ReadWorkflow {
  const artefacts = generateArtefacts({
    manifests: manifests({ services, release: release(settings) }),
    templates: new Map(),
    services: [],
    bringsArc: true,
  });
  const found = artefacts.find(({ path }) => path === sharedWorkflow);
  return readWorkflow(found?.text ?? '');
}

function releaseJobsOf(settings: Partial<ReleaseManifest> = {}): readonly ReadJob[] {
  const { release: real, rehearsal } = releaseOf(settings).jobs;
  if (real === undefined || rehearsal === undefined) throw new Error('a job is missing');
  return [real, rehearsal];
}

const login = `printf '%s' "$REGISTRY_PASSWORD" | docker login ghcr.io --username "$REGISTRY_USERNAME" --password-stdin`;

describe('the jobs that release', () => {
  test('releases with the command that a person would type', () => {
    const { steps } = releaseOf().jobs.release ?? { steps: [] };
    expect(steps.map(({ name }) => name)).toEqual([
      'Check out',
      'Make a builder',
      'Get syft',
      'Get trivy',
      'Get arc',
      'Let git log in',
      'Log in to ghcr.io',
      'Release',
    ]);
    expect(steps.at(-1)?.run).toMatch(/^\.\/bin\/arc release "\$SERVICE" /);
  });

  test('takes the version from the tag', async () => {
    const command = stepsOf(releaseOf().jobs.release).at(-1) ?? '';
    const { stdout } = await execa('bash', ['-c', command.replace('./bin/arc', 'printf "<%s>"')], {
      env: { SERVICE: 'realtime', GITHUB_REF_NAME: 'realtime/v0.1.0-rc.1' },
    });
    expect(stdout).toContain('<release><realtime><v0.1.0-rc.1>');
  });

  test('a manual run with a version is a rehearsal', () => {
    const { release: real, rehearsal } = releaseOf().jobs;
    expect(real?.if).toBe("github.event_name == 'push' && github.ref_type == 'tag'");
    expect(rehearsal?.if).toBe("github.event_name == 'workflow_dispatch' && inputs.version != ''");
    expect(rehearsal?.steps.at(-1)).toMatchObject({
      env: { SERVICE: expression('inputs.service'), VERSION: expression('inputs.version') },
      run: expect.stringMatching(/^\.\/bin\/arc release "\$SERVICE" "\$VERSION" .*--rehearsal$/),
    });
  });

  test('a job may do what it has to, and no more', () => {
    const { permissions, jobs } = releaseOf();
    expect(permissions).toEqual({});
    expect(jobs.release?.permissions).toEqual({ contents: 'write', packages: 'write' });
    expect(jobs.rehearsal?.permissions).toEqual({ contents: 'read', packages: 'write' });
  });

  test('has an identity to sign with where arc.yaml wants that, and only then', () => {
    const { jobs } = releaseOf({ sign: 'keyless' });
    expect(jobs.release?.permissions).toHaveProperty('id-token', 'write');
    expect(jobs.rehearsal?.permissions).not.toHaveProperty('id-token');
    expect(stepsOf(jobs.release)).toContain('sigstore/cosign-installer');
    expect(stepsOf(releaseOf().jobs.release)).not.toContain('sigstore/cosign-installer');
  });

  test('has the key to sign with where arc.yaml wants that, in the environment of that one step', () => {
    const { jobs } = releaseOf({ sign: 'key' });
    expect(jobs.release?.environment).toBe('release');
    expect(jobs.release?.permissions).not.toHaveProperty('id-token');
    expect(jobs.release?.steps.at(-1)?.env).toMatchObject({
      ARC_COSIGN_KEY: 'env://COSIGN_PRIVATE_KEY',
      COSIGN_PRIVATE_KEY: expression('secrets.COSIGN_PRIVATE_KEY'),
      COSIGN_PASSWORD: expression('secrets.COSIGN_PASSWORD'),
    });
    expect(JSON.stringify(jobs.release?.steps.slice(0, -1))).not.toContain('secrets.');
    expect(JSON.stringify(jobs.rehearsal)).not.toContain('secrets.');
  });

  test('does not release what no scanner has looked at, for the scanner is there', () => {
    for (const job of releaseJobsOf()) {
      expect(stepsOf(job)).toContain('aquasecurity/setup-trivy');
      expect(stepsOf(job).at(-1)).toContain(' --require-scan');
    }
  });

  test('gets every tool before it logs in, and sees the whole history, without credentials in it', () => {
    for (const job of releaseJobsOf({ sign: 'keyless' })) {
      expect(stepsOf(job).slice(-3, -1)).toEqual(['gh auth setup-git', login]);
      expect(job.steps[0]?.with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false });
    }
  });

  test('writes no value of GitHub into a command, where it would be part of it', () => {
    for (const { steps } of releaseJobsOf({ sign: 'key' })) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });
});
