import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildGoTool } from '../../scripts/build-go-tool.ts';
import { repository } from '../support/run-arc.ts';

const folder = join(repository, '.github', 'workflows');
const workflows = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

type Workflow = {
  permissions?: Record<string, string>;
  concurrency?: object;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string }[] }>;
};

describe.each(workflows)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const workflow = parse(text) as Workflow;

  test('is what GitHub accepts, says actionlint', async () => {
    const actionlint = await buildGoTool({
      name: 'actionlint',
      environment: process.env,
      progress: (line) => process.stderr.write(`${line}\n`),
    });
    const { stdout, exitCode } = await execa(actionlint, [join('.github', 'workflows', name)], {
      cwd: repository,
      reject: false,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
  });

  test('names its permissions for each job, and has none beside them', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
  });

  test('does not run twice at a time for the same change', () => {
    expect(workflow.concurrency).toBeDefined();
  });

  test('takes actions by commit, with the version beside it', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    for (const line of uses) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
