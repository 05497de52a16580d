import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

const page = readPage('docs/events.md');
const source = readFileSync(join(repository, 'src', 'core', 'event.ts'), 'utf8');

/** The types of the union, with the text of each. */
const union = source.slice(source.indexOf('export type ArcEvent'), source.indexOf('export type TaskState'));
const members = union.split(/^ {2}\| /m).slice(1);
const types = members.map((member) => /type: '(\w+)'/.exec(member)?.[1] ?? '');

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

  it('has examples without a field that the type does not have', () => {
    for (const example of examples) {
      const member = members[types.indexOf(example.type)] ?? '';
      for (const field of Object.keys(example)) expect(member, field).toMatch(new RegExp(`\\b${field}\\??:`));
    }
  });

  it('names every state of a task', () => {
    const states = Array.from(
      source.slice(source.indexOf('export type TaskState')).matchAll(/'(\w+)'/g),
      ([, name = '']) => name,
    );
    for (const state of states) expect(page.prose).toContain(`\`${state}\``);
  });
});
