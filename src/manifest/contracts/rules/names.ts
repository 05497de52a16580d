import type { Problem, SourceLocation } from '../../../core/errors.ts';
import { at, type Given, sharing } from './rule.ts';

type Named = { name: string; location: SourceLocation };

/** A file is named after its domain, and no two things of one kind have the same name. */
export function checkNames({ contracts }: Given): readonly Problem[] {
  const misplaced = contracts.domains
    .filter(({ name, file }) => file !== `contracts/${name}.yaml`)
    .map(
      ({ name, file, location }): Problem => ({
        code: 'contract-name',
        message: `The domain ${name} is in ${file}.`,
        suggestion: `rename the file: contracts/${name}.yaml`,
        location,
      }),
    );
  const kinds: readonly (readonly [string, readonly Named[]])[] = [
    ['message', contracts.messages],
    ['stream', contracts.streams],
    ['namespace', contracts.namespaces],
  ];
  const twice = kinds.flatMap(([kind, entries]) =>
    sharing(entries, ({ name }) => name).map(
      ([{ name, location }, other]): Problem => ({
        code: 'contract-name',
        message: `Two ${kind}s have the name ${name}.`,
        detail: [`the other is at ${at(other.location)}`],
        suggestion: 'rename one of them; names are unique in the whole workspace',
        location,
      }),
    ),
  );
  return [...misplaced, ...twice];
}
