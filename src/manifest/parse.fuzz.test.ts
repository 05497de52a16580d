import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { mutateBytes, mutateStructure, mutateTokens, pick, randomFrom } from '../../tests/fixtures/mutate.ts';
import { realWorkspace } from '../../tests/fixtures/workspace.ts';
import { formatProblem } from '../cli/output/format-problem.ts';
import { parseManifests } from './parse.ts';

const real = await realWorkspace();
const manifests = [...real.keys()].filter((path) =>
  /^(arc|services\/(profiles|[^/]+\/service))\.yaml$/.test(path),
);
const texts = new Map(manifests.map((path) => [path, String(real.get(path))]));
const schema = CORE_SCHEMA.withTags(mergeTag);

/** Mutants of each kind; 5,100 in all. */
const rounds = 1_700;

const kinds: Readonly<Record<string, (random: () => number, text: string) => string | Uint8Array>> = {
  bytes: mutateBytes,
  tokens: mutateTokens,
  structure: (random, text) => JSON.stringify(mutateStructure(random, load(text, { schema })), null, 1),
};

describe.each(Object.entries(kinds))('manifests with changed %s', (kind, mutate) => {
  test('are valid, or have problems with a place: never an exception', {
    timeout: 120_000,
  }, () => {
    const random = randomFrom(kind.length);
    let valid = 0;
    for (let round = 0; round < rounds; round += 1) {
      const path = pick(random, manifests);
      const mutant = mutate(random, texts.get(path) ?? '');
      const {
        manifests: parsed,
        problems,
        warnings,
      } = parseManifests({ files: new Map(real).set(path, mutant) });
      const described = `${kind} ${round}: ${path}\n${typeof mutant === 'string' ? mutant : Buffer.from(mutant).toString('latin1')}`;
      if (problems.length === 0) {
        valid += 1;
        expect(parsed, described).toBeDefined();
      } else {
        expect(parsed, described).toBeUndefined();
      }
      for (const problem of [...problems, ...warnings]) {
        const { location } = problem;
        expect(location, described).toBeDefined();
        // A template that names what a mutant took away has the place of the name.
        expect([...real.keys()], described).toContain(location?.file);
        expect(location?.line, described).toBeGreaterThan(0);
        expect(location?.column, described).toBeGreaterThan(0);
        const text = formatProblem(problem);
        expect(text, described).not.toMatch(/undefined|\[object|NaN|\bat \S+ \(|\.ts:\d+/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a terminal
        expect(text, described).not.toMatch(/[\x00-\x09\x0B-\x1F\x7F]/);
      }
    }
    // Both happen, or the mutants would prove nothing.
    expect(valid).toBeGreaterThan(0);
    expect(valid).toBeLessThan(rounds);
  });
});
