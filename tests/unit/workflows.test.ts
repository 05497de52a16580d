import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../scripts/docs-commands.ts';
import { releaseIdentity } from '../../src/release/supply/signer.ts';
import { workflowFolder } from '../../src/render/workflow.ts';
import { sharedWorkflow } from '../../src/render/workflow-shared.ts';
import { readWorkflow, stepsOf } from '../fixtures/workflows.ts';
import { unknownParts } from '../support/command-words.ts';
import { repository } from '../support/run-arc.ts';

const table = await commandTable();
const folder = join(repository, workflowFolder);
const read = (name: string) => readWorkflow(readFileSync(join(folder, name), 'utf8'));
const callers = readdirSync(folder).filter((name) => /^arc-.*\.yml$/.test(name));

describe('the shared workflow', () => {
  const { jobs, on } = read('arc.yml');

  it('runs only commands and flags that exist', () => {
    const lines = Object.values(jobs)
      .flatMap((job) => stepsOf(job))
      .flatMap((step) => step.split('\n'))
      .filter((line) => line.startsWith('./bin/arc '));
    expect(lines).not.toEqual([]);
    for (const line of lines) expect(unknownParts(table, line), line).toEqual([]);
  });

  it('is called with what it asks for, and granted what its jobs may do', () => {
    const inputs = Object.keys(on.workflow_call?.inputs ?? {});
    const wanted = Object.values(jobs).flatMap(({ permissions }) => Object.entries(permissions));
    expect(callers).not.toEqual([]);
    for (const name of callers) {
      const [job] = Object.values(read(name).jobs);
      expect(job?.uses).toBe(`./${workflowFolder}/arc.yml`);
      expect(Object.keys(job?.with ?? {}).toSorted()).toEqual(inputs.toSorted());
      for (const [scope, right] of wanted)
        if (right === 'write') expect(job?.permissions, name).toHaveProperty(scope, 'write');
    }
  });
});

it('a release is signed by the workflow that signatures are expected of', () => {
  const { identity } = releaseIdentity({
    repository: 'https://github.com/owner/name',
    service: 'realtime',
    version: 'v0.1.0',
  });
  expect(identity).toBe(`https://github.com/owner/name/${sharedWorkflow}@refs/tags/realtime/v0.1.0`);
});
