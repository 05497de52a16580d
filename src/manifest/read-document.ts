import type { Problem } from '../core/errors.ts';
import type { Part } from './build/read.ts';
import { checkNode } from './schema/check.ts';
import { explainFindings } from './schema/explain.ts';
import type { DocumentSchema } from './schema/load.ts';
import { parseYaml } from './yaml/parse.ts';

/** Problems of one file that are shown; a file with more is something else than was meant. */
export const problemsPerFile = 50;

/**
 * Reads one YAML file: its syntax and its schema. Never throws, whatever the content. Returns the node even if there
 * are findings, so that the valid parts can be checked further.
 */
export function readDocument(options: {
  file: string;
  content: string | Uint8Array;
  schema: DocumentSchema;
  mayBeEmpty: boolean;
}): Partial<Part> & { problems: readonly Problem[] } {
  const { schema, mayBeEmpty } = options;
  const { source, tree, problems } = parseYaml(options);
  if (source === undefined) return { problems };
  if (tree === undefined) {
    if (problems.length > 0 || mayBeEmpty) return { source, node: undefined, problems };
    const empty: Problem = {
      code: 'empty-file',
      message: `${options.file} is empty; ${String(schema.schema.title)} is expected.`,
      location: source.locate(0),
    };
    return { source, node: undefined, problems: [empty] };
  }
  const findings = checkNode({ shapes: schema.shapes, schema: schema.schema, node: tree });
  // One more than is shown tells that there are more; the others need not be put into words.
  const told = explainFindings({ findings: findings.slice(0, problemsPerFile + 1), source });
  return { source, node: tree, problems: [...problems.slice(0, problemsPerFile + 1), ...told] };
}
