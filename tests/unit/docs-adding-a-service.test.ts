import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printPlan } from '../../src/core/print-plan.ts';
import { parseManifests } from '../../src/manifest/parse.ts';
import { planUp } from '../../src/platform/docker/plan-up.ts';
import { asBootable } from '../../src/stack/bootable.ts';
import { resolveStack } from '../../src/stack/resolve.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { templatesOf } from '../../src/workspace/templates.ts';
import { readPage } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace, testProject } from '../support/workspace.ts';

const main = join(repository, 'src', 'main.ts');
const run = promisify(execFile);

describe('the example of docs/adding-a-service.md', () => {
  let workspace: TestWorkspace;
  beforeAll(() => {
    workspace = makeWorkspace();
    for (const { info, text } of readPage('docs/adding-a-service.md').blocks) {
      const file = info.split(' ')[1];
      if (file === undefined) continue;
      mkdirSync(dirname(workspace.path(file)), { recursive: true });
      writeFileSync(workspace.path(file), text);
    }
  });
  afterAll(() => workspace.remove());

  const arc = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [main, '--directory', workspace.root, ...args])).stdout;

  it('is valid', async () => {
    expect(await arc('validate')).toMatch(/^\d+ services are valid\./);
  });

  it('is generated, and then up to date', async () => {
    await arc('generate');
    for (const file of [
      'Dockerfile',
      'docker-compose.yml',
      'docker-compose.start-interval.yml',
      'notes.mk',
      'notes.conf',
      'redis-cli.env',
    ])
      expect(existsSync(workspace.path('services', 'notes', file)), file).toBe(true);
    for (const file of ['arc.yml', 'arc-notes.yml'])
      expect(existsSync(workspace.path('.github', 'workflows', file)), file).toBe(true);
    expect(workspace.read('services/notes/notes.conf')).toContain(
      'port 6379\ndir /data\nappendonly yes\nrequirepass "arc-dev-notes-password"\nmaxmemory "64mb"\n',
    );
    expect(workspace.read('services/notes/notes.mk')).toContain('arc_service := notes\n');
    expect(await arc('generate', '--check')).toContain('are up to date');
  });

  it('is explained, and booted with what it depends on', async () => {
    expect(await arc('explain', 'notes')).toContain('arc-notes');
    expect(await arc('graph', 'notes')).toContain('critical path  cache → notes');
  });

  it('is planned', async () => {
    const { files, manifests } = await loadWorkspace({ cwd: workspace.root });
    expect(parseManifests({ files }).problems).toEqual([]);
    const stack = resolveStack({
      manifests,
      templates: templatesOf({ manifests, files }),
      selection: ['notes'],
      without: [],
      settings: { environment: {}, flags: {} },
      secrets: new Map(),
    });
    const snapshot = { project: testProject, containers: [], networks: [], volumes: [], images: {} };
    expect(printPlan(planUp({ stack: asBootable(stack), snapshot, root: workspace.root }))).toContain(
      '+ container arc-notes  (no existing container)',
    );
  });
});
