import type { Problem } from '../../core/errors.ts';
import { text, textRecord } from '../../manifest/build/read.ts';
import { readDocument } from '../../manifest/read-document.ts';
import { manifestSchemas } from '../../manifest/schema/load.ts';
import type { Source } from '../../manifest/yaml/source.ts';
import { entries, member, type YamlEntry } from '../../manifest/yaml/tree.ts';
import { parseReference } from '../../registry/reference.ts';
import { type ImagesLock, type LockedBase, lockFile } from './model.ts';

/**
 * Reads the text of a lock file. If there is a problem, the lock contains only the valid entries, and must not be used.
 */
export function parseLock(content: string | Uint8Array): {
  lock: ImagesLock;
  problems: readonly Problem[];
} {
  const { source, node, problems } = readDocument({
    file: lockFile,
    content,
    schema: manifestSchemas.imagesLock,
    mayBeEmpty: false,
  });
  const bases = [...entries(member(node, 'bases'))];
  // Only of names that the schema has found to be names of images.
  const readable = source !== undefined && problems.length === 0;
  return {
    lock: { bases: new Map(bases.map((entry) => [entry.key, toBase(entry)])) },
    problems: readable ? bases.flatMap((entry) => wrongRegistry({ entry, source })) : problems,
  };
}

function toBase({ key: reference, value }: YamlEntry): LockedBase {
  return {
    reference,
    registry: text(value, 'registry'),
    digest: text(value, 'digest'),
    platforms: textRecord(value, 'platforms'),
    locked: text(value, 'locked'),
  };
}

/** A digest from one registry says nothing of another. */
function wrongRegistry(options: { entry: YamlEntry; source: Source }): readonly Problem[] {
  const { entry, source } = options;
  const written = member(entry.value, 'registry');
  const { registry } = parseReference(entry.key);
  if (written === undefined || text(entry.value, 'registry') === registry) return [];
  return [
    {
      code: 'bad-value',
      message: `"registry" must be "${registry}", the registry of ${entry.key}.`,
      suggestion: 'delete the entry, then write it again with `arc images lock`',
      location: source.locate(written.offset),
    },
  ];
}
