import type { Problem } from '../../core/errors.ts';
import { checkNode } from '../schema/check.ts';
import { explainFindings } from '../schema/explain.ts';
import type { DocumentSchema } from '../schema/load.ts';
import { parseYaml } from '../yaml/parse.ts';
import { type Source, sourceOf } from '../yaml/source.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { type ConfigFacts, collectFacts } from './facts.ts';

/** A config file that has been read: its problems, what it says, and places in it that show no secrets. */
export type ReadConfig = { problems: readonly Problem[]; facts: ConfigFacts; source: Source };

const nothing: ConfigFacts = { mentions: [], listeners: [], links: [], gaps: [], hidden: [] };

/** Findings that are put into words; a file with more is something else than was meant. */
const limit = 50;

/** Checks a file by itself: its syntax, and its fields against those that the upstream has. */
export function readConfig(options: {
  file: string;
  content: string | Uint8Array;
  document: DocumentSchema;
}): ReadConfig {
  const { file, document } = options;
  const { source, tree, problems } = parseYaml(options);
  if (source === undefined || tree === undefined) {
    const empty = sourceOf({ file, text: '' });
    return { problems: problems.map(withoutExcerpt), facts: nothing, source: source ?? empty };
  }
  const facts = collectFacts({ document, tree });
  // With a tag, an anchor or a duplicate key, a file may contain secrets outside of values.
  const shown = problems.length > 0 ? withoutLines(source) : hiding(source, facts.hidden);
  const hiddenStarts = new Set(facts.hidden.map(([start]) => start));
  const findings = checkNode({ shapes: document.shapes, schema: document.schema, node: tree }).slice(
    0,
    limit,
  );
  const told = explainFindings({
    findings,
    source: shown,
    reveals: (node: YamlNode) => !hiddenStarts.has(node.offset),
  });
  return {
    problems: [
      ...problems.slice(0, limit).map(withoutExcerpt),
      ...told.map((problem) => consequence(problem, document)),
    ],
    facts,
    source: shown,
  };
}

/** The same places, without the lines that they are on. */
function withoutLines(source: Source): Source {
  return {
    ...source,
    locate: (offset) => {
      const { file, line, column } = source.locate(offset);
      return { file, line, column };
    },
  };
}

/**
 * The same places, with excerpts that end where something hidden begins, or a comment, an anchor, an alias or a tag:
 * a secret that begins with such a character is none to YAML.
 */
function hiding(source: Source, hidden: ConfigFacts['hidden']): Source {
  return {
    ...source,
    locate: (offset) => {
      const { excerpt: whole = '', ...place } = source.locate(offset);
      const excerpt = whole.replace(/(^|[\s[{,])[#&*!].*$/, '');
      const start = offset - (place.column - 1);
      const cuts = hidden
        .filter(([from, to]) => from < start + excerpt.length && to > start)
        .map(([from]) => Math.max(from - start, 0));
      const cut = Math.min(...cuts);
      if (cut === Number.POSITIVE_INFINITY) return { ...place, excerpt };
      return place.column - 1 > cut ? place : { ...place, excerpt: `${excerpt.slice(0, cut)}[hidden]` };
    },
  };
}

/** If a file could not be read, any of its lines may contain secrets. */
function withoutExcerpt(problem: Problem): Problem {
  if (problem.location === undefined) return problem;
  const { file, line, column } = problem.location;
  return { ...problem, location: { file, line, column } };
}

/** What the upstream does with an unknown field. */
function consequence(problem: Problem, document: DocumentSchema): Problem {
  const upstream = document.schema['x-upstream'];
  if (problem.code !== 'unknown-field' || !isUpstream(upstream)) return problem;
  return { ...problem, detail: [`${upstream.name} ${upstream.version} ${upstream.unknown}.`] };
}

function isUpstream(value: unknown): value is Record<'name' | 'version' | 'unknown', string> {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'version' in value && 'unknown' in value
  );
}
