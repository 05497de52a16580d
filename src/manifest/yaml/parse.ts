import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Problem } from '../../core/errors.ts';
import { decodeText } from '../../core/text.ts';
import { buildTree } from './build-tree.ts';
import { type Source, sourceOf } from './source.ts';
import type { YamlNode } from './tree.ts';

/** Maximum nesting; manifests have 6 levels. It keeps hostile input off the call stack. */
const maximumDepth = 64;

export type ParsedYaml = {
  /** None if the file could not be read as text at all. */
  source?: Source;
  /** None if there is a syntax error, or where the file says nothing (`problems` is empty then). */
  tree?: YamlNode;
  problems: readonly Problem[];
};

/**
 * Reads one YAML file. Never throws: it reports files that are too large, not text, invalid, nested too deeply, or that
 * have several documents, duplicate keys or aliases that expand without bound.
 *
 * It uses js-yaml's event parser rather than the `yaml` package: js-yaml loads faster, reads this repository's
 * manifests faster, limits the depth itself, and takes much less time for 1 MiB of hostile input
 * (scripts/measure/yaml.ts).
 */
export function parseYaml(options: { file: string; content: string | Uint8Array }): ParsedYaml {
  const decoded = decodeText(options);
  if ('problem' in decoded) return { problems: [decoded.problem] };
  const source = sourceOf({ file: options.file, text: decoded.text });
  const events = readEvents(source);
  if ('problem' in events) return { source, problems: [events.problem] };
  return { source, ...buildTree({ source, events: events.list }) };
}

function readEvents(source: Source): { list: readonly Event[] } | { problem: Problem } {
  try {
    return { list: withoutEmptyDocument(parseEvents(source.text, { maxDepth: maximumDepth })) };
  } catch (error) {
    return { problem: syntaxProblem({ source, error }) };
  }
}

/** A file of nothing but comments is a document with an empty scalar in it. */
function withoutEmptyDocument(events: readonly Event[]): readonly Event[] {
  const [document, content, pop] = events;
  const isEmpty =
    document?.type === EVENT_ID.DOCUMENT &&
    !document.explicitStart &&
    content?.type === EVENT_ID.SCALAR &&
    content.valueStart < 0 &&
    content.tagStart < 0 &&
    content.anchorStart < 0 &&
    pop?.type === EVENT_ID.POP &&
    events.length === 3;
  return isEmpty ? [] : events;
}

function syntaxProblem(options: { source: Source; error: unknown }): Problem {
  const { source, error } = options;
  if (!(error instanceof YAMLException)) {
    return {
      code: 'yaml-syntax',
      message: `${source.file} could not be read as YAML: ${error instanceof Error ? error.message : String(error)}.`,
      location: source.locate(0),
    };
  }
  const location = source.locate(error.mark?.position ?? 0);
  if (error.reason.includes('maxDepth')) {
    return {
      code: 'too-deep',
      message: `${source.file} is nested deeper than ${maximumDepth} levels.`,
      suggestion: 'check for brackets that are opened and never closed',
      location,
    };
  }
  const suggestion = advice.find(([pattern]) => pattern.test(error.reason))?.[1];
  return {
    code: 'yaml-syntax',
    // Without quotations from the file, which may be secret; the line is shown where that is allowed.
    message: `This is not YAML: ${error.reason.replaceAll(/ "[^"]*"|: .*$/g, '')}.`,
    ...(suggestion === undefined ? {} : { suggestion }),
    location,
  };
}

/** Advice about the most common mistakes. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/tab characters/, 'indent with spaces'],
  [
    /indentation of a (mapping|sequence) entry|deficient/,
    'align it with its neighbours, and put text that holds ": " in quotes',
  ],
  [/multiline key|':' after a mapping key/, 'write `key: value`, with a space after the colon'],
  [/end of the (stream|document) within/, 'close the quote or bracket that is opened before'],
  [/missed comma/, 'put a comma between the entries'],
  [/end of the stream or a document separator/, 'look at the indentation of this line and the one before'],
  [
    /cannot start any token|flow indicator|node content/,
    'put text that begins with a special character in quotes',
  ],
];
