import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/cli/output/words.ts';
import { readPage } from '../support/documents.ts';
import { definition, eventFaults } from '../support/events-schema.ts';

const page = readPage('docs/events.md');

/** The types of the union. */
const types = ['started', 'step', 'log', 'message', 'warning', 'error', 'result'];

const examples = page.blocks
  .filter(({ info }) => info === 'json')
  .flatMap(({ text }) => text.trim().split('\n'))
  .map((line) => JSON.parse(line) as { type: string });

describe('docs/events.md', () => {
  it('has a section for every type of event, and for no other', () => {
    const sections = Array.from(page.prose.matchAll(/^## (\w+)$/gm), ([, name]) => name);
    expect(sections).toEqual(types);
  });

  it('has an example of every type', () => {
    expect([...new Set(examples.map(({ type }) => type))]).toEqual(types);
  });

  it('has examples that fit the schema', () => {
    for (const example of examples) expect(eventFaults(example), JSON.stringify(example)).toEqual([]);
  });

  it('names every phase and every field of a step', () => {
    const { properties } = definition('step');
    const names = [...Object.keys(properties), ...(properties.phase?.enum ?? [])];
    for (const name of names.filter((field) => field !== 'type')) expect(page.prose).toContain(`\`${name}\``);
  });

  it('has a schema with every verb that there are words for', () => {
    expect(definition('step').properties.verb?.enum?.toSorted()).toEqual(Object.keys(verbs).toSorted());
  });

  it('has a schema with the answer of every command that has one', () => {
    const commands = readdirSync(join(import.meta.dirname, '../../src/cli'), {
      recursive: true,
      encoding: 'utf8',
    })
      .filter((path) => path.endsWith('.command.ts'))
      .map((path) => path.replace(/^.*\/(.*)\.command\.ts$/, '$1'));
    const answering = commands.filter((command) => !['completion', 'exec', 'logs'].includes(command));
    expect(definition('result').properties.command?.enum?.toSorted()).toEqual(answering.toSorted());
  });

  it('says for every command what its answer holds', () => {
    const rows = new Map(
      Array.from(page.text.matchAll(/^\| (`[^|]*`) \| (.*) \|$/gm), ([, commands = '', fields = '']) =>
        Array.from(commands.matchAll(/`(\w+)`/g), ([, command = '']) => [command, fields] as const),
      ).flat(),
    );
    for (const command of definition('result').properties.command?.enum ?? []) {
      const { required = [] } = definition(`${command}Result`);
      for (const field of required) expect(rows.get(command), command).toContain(`\`${field}\``);
    }
  });
});
