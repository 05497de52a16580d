import type { ImagesLock, LockedBase } from './model.ts';

const header = `# yaml-language-server: $schema=./schemas/images-lock.schema.json
# The base images of this workspace, pinned by digest: what each name stood for in its registry when it was locked.
# Written by \`arc images lock\`. Commit it; \`arc images lock --update\` asks the registries anew.
version: 1
`;

/** The whole text of a lock file. In order of name, so that the same lock is the same text. */
export function formatLock(lock: ImagesLock): string {
  const bases = [...lock.bases.values()].toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
  return `${header}${section('bases', bases.map(baseLines), '')}`;
}

// None of the values has a character that would need quotes, but for the date: some readers of YAML take it for a
// point in time.
function baseLines({ reference, registry, digest, platforms, locked }: LockedBase): string {
  const digests = Object.entries(platforms)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([platform, of]) => `      ${platform}: ${of}\n`);
  return [
    `  ${reference}:\n`,
    `    registry: ${registry}\n`,
    `    digest: ${digest}\n`,
    section('platforms', digests, '    '),
    `    locked: "${locked}"\n`,
  ].join('');
}

function section(name: string, parts: readonly string[], indent: string): string {
  return parts.length === 0 ? `${indent}${name}: {}\n` : `${indent}${name}:\n${parts.join('')}`;
}
