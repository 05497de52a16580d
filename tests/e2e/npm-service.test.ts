import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// A service whose program is in the workspace: a Node.js server with its lock file, on Debian's libraries. Its
// upstream is in no registry, so that the recipe is the only way to its base.
const manifest = `name: arc-worker
role: worker
codename: forge
tech: node
description: Answers what it is.
image: ghcr.io/arc-framework/arc-worker:latest
upstream: arc-test.invalid/worker:1.0
recipe:
  - { kind: debian, variant: extract, packages: [libstdc++6] }
  - { kind: npm, folder: program, target: /opt/worker, node: 24.21.0 }
user: "65532:65532"
read_only: true
entrypoint: [node, /opt/worker/main.mjs]
command: ["{{ ports.http }}"]
ports:
  - { name: http, container: 18085, purpose: Says what it is }
health:
  probe: { kind: http, port: http, path: / }
  command: [CMD, node, /opt/worker/check.mjs, "{{ ports.http }}"]
resources:
  memory: 128m
`;

describe("a service with a program of the workspace's own", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const { workspace } = stage;
    const fixture = join(repository, 'tests', 'fixtures', 'npm-worker');
    cpSync(fixture, workspace.path('services/worker/program'), { recursive: true });
    workspace.write('services/worker/service.yaml', manifest);
    workspace.edit('arc.yaml', 'bases: auto', 'bases: local');
    await stage.succeed(['generate']);
  });
  afterAll(() => stage?.close());

  const answer = async () => (await fetch('http://127.0.0.1:18085/')).text();
  const editSource = (from: string, to: string) =>
    stage.workspace.edit('services/worker/program/main.mjs', from, to);

  it('boots healthy: its image is built, and runs without privileges or a root that can be written to', async () => {
    await stage.succeed(['up', 'worker'], { limitMilliseconds: 600_000 });
    expect(await answer()).toBe('first edition, 1m, 2145801107, uid 65532, v24.21.0\n');
    expect((await stage.succeed(['health', 'worker'])).stdout).toMatch(/✓ +arc-worker +running/);
    const write = "require('node:fs').writeFileSync('/opt/worker/x', '')";
    const refused = await stage.arc(['exec', 'worker', 'node', '-e', write]);
    expect(refused.output).toContain('EROFS');
    expect((await stage.succeed(['plan', 'worker', '--exit-code'])).stdout).toBe('nothing to do');
  });

  it('says where the image is from', async () => {
    expect((await stage.succeed(['images', 'worker'])).stdout).toMatch(
      /^worker +arc-test\.invalid\/worker:1\.0 +local /m,
    );
    expect((await stage.succeed(['explain', 'worker'])).stdout).toContain('from debian and npm packages');
  });

  it('is planned anew with a source that has changed, and boots with it', async () => {
    editSource('first edition', 'second edition');
    const plan = await stage.arc(['plan', 'worker', '--exit-code']);
    expect(plan.exitCode).toBe(3);
    expect(plan.stdout).toMatch(/image .*arc-worker/);
    await stage.succeed(['up', 'worker'], { limitMilliseconds: 600_000 });
    expect(await answer()).toContain('second edition');
  });

  it('goes back to the base that was made before, without the network', async () => {
    editSource('second edition', 'first edition');
    const { stderr } = await stage.succeed(['up', 'worker', '--offline']);
    expect(stderr).not.toContain('npm');
    expect(await answer()).toContain('first edition');
  });

  it('is refused where its folder has no lock file', async () => {
    const { workspace } = stage;
    workspace.edit('services/worker/service.yaml', 'folder: program', 'folder: programme');
    const { exitCode, stderr } = await stage.arc(['up', 'worker']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[recipe-folder]');
    expect(stderr).toContain('The folder services/worker/programme of a recipe does not exist.');
  });
});
