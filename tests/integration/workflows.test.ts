import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { pypiToolPath } from '../../scripts/get-pypi-tool.ts';
import { workflowFolder } from '../../src/render/workflow.ts';
import { actions } from '../../src/render/workflow-pins.ts';
import { type ReadWorkflow, readWorkflow } from '../fixtures/workflows.ts';
import { repository, runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

let actionlint: string;
let zizmor: string;
beforeAll(async () => {
  actionlint = goToolPath({ name: 'actionlint', environment: process.env });
  zizmor = pypiToolPath({ name: 'zizmor', environment: process.env });
});

/** What GitHub would not accept. */
async function mistakesIn(root: string): Promise<string> {
  const { stdout } = await execa(actionlint, workflowsOf(root), { cwd: root, reject: false });
  return stdout;
}

/** What could be used against the repository, by the strictest rules, whatever a comment or setting says of them. */
async function risksIn(root: string): Promise<readonly string[]> {
  const { stdout } = await execa(
    zizmor,
    [
      '--offline',
      '--persona=auditor',
      '--no-ignores',
      '--strict-collection',
      '--format=json',
      workflowFolder,
    ],
    { cwd: root, reject: false },
  );
  type Finding = { ident: string; locations: { symbolic: { key: { Local: { verbatim_path: string } } } }[] };
  return (JSON.parse(stdout) as Finding[]).map(
    ({ ident, locations }) => `${ident} in ${locations[0]?.symbolic.key.Local.verbatim_path}`,
  );
}

function workflowsOf(root: string): readonly string[] {
  return readdirSync(join(root, workflowFolder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(workflowFolder, name));
}

/**
 * Advice to call the shared workflow as `$/…` instead of `./…`. Both name the file of the same commit; actionlint 1.7.12
 * refuses the newer form, and GitHub Enterprise Server does not know it.
 */
const callByPath = 'self-repository';

describe('the workflows of this repository', () => {
  test('are what GitHub accepts, says actionlint', async () => {
    expect(await mistakesIn(repository)).toBe('');
  });

  test('cannot be used against it, says zizmor, whose advice is taken but for one that GitHub alone understands', async () => {
    expect(await risksIn(repository)).toEqual(
      globSync('services/*/service.yaml', { cwd: repository })
        .map((file) => `${callByPath} in ${workflowFolder}/arc-${basename(dirname(file))}.yml`)
        .toSorted(),
    );
  });
});

describe.each(workflowsOf(repository))('%s', (path) => {
  const text = readFileSync(join(repository, path), 'utf8');
  const workflow: ReadWorkflow = readWorkflow(text);

  test('names its permissions for each job, and has none beside them', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
  });

  test('does not run twice at a time for the same change', () => {
    // One that is called runs in the group of its caller.
    if (!('workflow_call' in workflow.on)) expect(workflow.concurrency).toBeDefined();
  });

  test('takes actions by the commits that are kept in one place, with the version beside each', () => {
    const known = Object.values(actions).map(({ name, commit, version }) => `${name}@${commit} # ${version}`);
    const used = Array.from(text.matchAll(/^\s*(?:- )?uses: (.*)$/gm), ([, reference]) => reference);
    for (const reference of used.filter((one) => !one?.startsWith('./'))) expect(known).toContain(reference);
  });
});

describe('the workflows of another workspace', () => {
  let workspace: TestWorkspace;
  const arc = async (...args: string[]) => await runArc(args, { cwd: workspace.root });
  beforeAll(async () => {
    workspace = makeWorkspace();
    workspace.edit('services/cache/service.yaml', 'image: ghcr.io/', 'image: registry.example:5000/');
  });
  afterAll(() => workspace.remove());

  test.each(['none', 'keyless', 'key'])('signed with: %s', async (sign) => {
    workspace.write('arc.yaml', workspace.read('arc.yaml').replace(/sign: \w+/, `sign: ${sign}`));
    expect(await arc('generate')).toMatchObject({ exitCode: 0 });
    expect(await arc('generate', '--check')).toMatchObject({ exitCode: 0 });
    expect(await mistakesIn(workspace.root)).toBe('');
    // arc itself is installed by its version, and has no dependencies that a lock file could hold.
    expect(new Set((await risksIn(workspace.root)).map((risk) => risk.split(' ')[0]))).toEqual(
      new Set(['adhoc-packages', callByPath]),
    );
  });

  test('are there no longer, once nothing is released: generate says which files are left', async () => {
    workspace.write('arc.yaml', workspace.read('arc.yaml').replace(/^release:\n( .*\n)+/m, ''));
    const { exitCode, stdout } = await arc('generate', '--check');
    expect(exitCode).toBe(3);
    for (const name of ['arc', 'arc-cache', 'arc-realtime', 'arc-storage'])
      expect(stdout).toContain(`${workflowFolder}/${name}.yml: no longer generated`);
  });
});
