import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../scripts/docs-commands.ts';
import { releaseIdentity } from '../../src/release/supply/signer.ts';
import { workflowFolder } from '../../src/render/workflow.ts';
import { readWorkflow, stepsOf } from '../fixtures/workflows.ts';
import { unknownParts } from '../support/command-words.ts';
import { repository } from '../support/run-arc.ts';

const table = await commandTable();
const folder = join(repository, workflowFolder);
const generated = readdirSync(folder).filter((name) => /-(images|release)\.yml$/.test(name));

describe.each(generated)('%s', (name) => {
  const { jobs } = readWorkflow(readFileSync(join(folder, name), 'utf8'));

  it('runs only commands and flags that exist', () => {
    const lines = Object.values(jobs)
      .flatMap((job) => stepsOf(job))
      .flatMap((step) => step.split('\n'))
      .filter((line) => line.startsWith('./bin/arc '));
    expect(lines).not.toEqual([]);
    for (const line of lines) expect(unknownParts(table, line), line).toEqual([]);
  });
});

it('a release is signed by the workflow that signatures are expected of', () => {
  const names = generated.filter((name) => name.endsWith('-release.yml'));
  for (const name of names) {
    const service = name.replace(/-release\.yml$/, '');
    const { identity } = releaseIdentity({
      repository: 'https://github.com/owner/name',
      service,
      version: 'v0.1.0',
    });
    expect(identity).toBe(
      `https://github.com/owner/name/${workflowFolder}/${name}@refs/tags/${service}/v0.1.0`,
    );
  }
});
