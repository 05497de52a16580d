import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { mutateStructure, randomFrom } from '../../tests/fixtures/mutate.ts';
import type { Data } from '../core/data.ts';
import { parseContracts } from '../manifest/contracts/parse.ts';
import { checkBody } from './check-body.ts';

const folder = new URL('../../contracts/', import.meta.url);
const files = new Map(
  readdirSync(folder).map(
    (name) => [`contracts/${name}`, readFileSync(new URL(name, folder), 'utf8')] as const,
  ),
);
const { contracts } = parseContracts({ files, roles: new Set() });

test.each(contracts.messages.map((message) => ({ name: message.name, message })))(
  'the checker and Ajv have the same verdict on changed examples of $name',
  ({ message }) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const isValid = ajv.compile(message.schema);
    const random = randomFrom(7);
    for (let round = 0; round < 300; round += 1) {
      const [example] = message.examples;
      const body = mutateStructure(random, example) as Data;
      const own = checkBody({ schema: message.schema, body }).filter(
        // Ajv is not asked for formats: what it takes for a time needs another package.
        ({ message: text }) => !/must be a (time|UUID)/.test(text),
      );
      expect(own.length === 0, JSON.stringify({ body, own })).toBe(isValid(body));
    }
  },
);
