import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import type { Problem } from '../../errors.ts';
import { plainValue, type ScalarValue } from './scalar.ts';
import type { Source } from './source.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from './tree.ts';

/** Most nodes that aliases may stand for, all together; manifests use a few dozen. */
const maximumExpansion = 10_000;

/** Tags that change nothing or only say "text"; any other is refused. */
const textTags = new Set(['!', '!!str', '!<tag:yaml.org,2002:str>']);
const plainTags = new Set(['!!map', '!!seq', '!!null', '!!bool', '!!int', '!!float']);

type Anchor = { node: YamlNode; size: number; open: boolean };

type Frame =
  | { kind: 'document' }
  | { kind: 'sequence'; node: YamlNode; items: YamlNode[]; anchor: Anchor | undefined; before: number }
  | {
      kind: 'mapping';
      node: YamlMapping;
      entries: Map<string, YamlEntry>;
      key: Key | undefined;
      merges: YamlNode[];
      anchor: Anchor | undefined;
      before: number;
    };

type Key = { text: string; offset: number; end: number; merge: boolean };

/** Makes the tree of the first document from the parser's events. Works without recursion, in linear time. */
export function buildTree(options: { source: Source; events: readonly Event[] }): {
  tree?: YamlNode;
  problems: readonly Problem[];
} {
  const { source, events } = options;
  const problems: Problem[] = [];
  const anchors = new Map<string, Anchor>();
  const frames: Frame[] = [];
  let tree: YamlNode | undefined;
  let documents = 0;
  /** Where the last event ended: the place of a value that is not written. */
  let position = 0;
  /** Nodes so far, with what aliases stand for counted each time. */
  let size = 0;
  let expansion = 0;

  const report = (code: string, offset: number, message: string, suggestion?: string) => {
    problems.push({
      code,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
      location: source.locate(offset),
    });
  };

  const remember = (event: ScalarEvent | SequenceEvent | MappingEvent, node: YamlNode, open: boolean) => {
    if (event.anchorStart < 0) return undefined;
    const anchor = { node, size: 1, open };
    anchors.set(source.text.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  };

  const checkTag = (event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined => {
    if (event.tagStart < 0) return undefined;
    const tag = source.text.slice(event.tagStart, event.tagEnd);
    if (textTags.has(tag) || plainTags.has(tag)) return tag;
    report('yaml-tag', event.tagStart, `The YAML tag ${tag} has no meaning here.`, 'remove it');
    return undefined;
  };

  const scalar = (event: ScalarEvent): YamlScalar => {
    const tag = checkTag(event);
    const offset = event.valueStart < 0 ? position : event.valueStart;
    const end = event.valueStart < 0 ? position : event.valueEnd;
    const text = event.valueStart < 0 ? '' : getScalarValue(source.text, event);
    const isText = event.style !== SCALAR_STYLE.PLAIN || (tag !== undefined && textTags.has(tag));
    const value: ScalarValue = isText ? text : plainValue(text);
    // Quotes are part of what a person sees as the value, so of what is hidden when it is secret.
    const quoted =
      event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
    position = end + quoted;
    return { kind: 'scalar', value, text, offset: offset - quoted, end: end + quoted };
  };

  const resolveAlias = (event: AliasEvent): YamlNode => {
    const offset = event.anchorStart - 1;
    position = event.anchorEnd;
    const nothing: YamlScalar = { kind: 'scalar', value: null, text: '', offset, end: event.anchorEnd };
    const name = source.text.slice(event.anchorStart, event.anchorEnd);
    const anchor = anchors.get(name);
    if (anchor === undefined) {
      report('unknown-alias', offset, `There is no anchor &${name} before this alias.`);
      return nothing;
    }
    if (anchor.open) {
      report('alias-cycle', offset, `The alias *${name} is inside of what it stands for.`);
      return nothing;
    }
    expansion += anchor.size;
    if (expansion > maximumExpansion) {
      // Once is enough: every further alias is past the limit too.
      if (expansion - anchor.size <= maximumExpansion) {
        report(
          'alias-expansion',
          offset,
          `The aliases up to here stand for more than ${maximumExpansion} values.`,
          'write out what is meant, or split the file',
        );
      }
      return nothing;
    }
    size += anchor.size;
    return anchor.node;
  };

  const add = (node: YamlNode, keyText?: { text: string; plain: boolean }) => {
    const frame = frames.at(-1);
    switch (frame?.kind) {
      case undefined:
        return;
      case 'document':
        if (documents === 1) tree = node;
        else if (documents === 2) {
          report(
            'several-documents',
            node.offset,
            'A second YAML document begins before this line.',
            'keep one document in a file; remove the line `---`',
          );
        }
        return;
      case 'sequence':
        frame.items.push(node);
        return;
      case 'mapping':
        if (frame.key === undefined) frame.key = keyOf(node, keyText, report);
        else {
          addEntry({ frame, key: frame.key, value: node, report, source });
          frame.key = undefined;
        }
        return;
      default:
        frame satisfies never;
    }
  };

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        documents += 1;
        anchors.clear();
        frames.push({ kind: 'document' });
        break;
      case EVENT_ID.SCALAR: {
        const node = scalar(event);
        size += 1;
        remember(event, node, false);
        add(node, { text: node.text, plain: event.style === SCALAR_STYLE.PLAIN });
        break;
      }
      case EVENT_ID.SEQUENCE: {
        checkTag(event);
        const list: YamlNode[] = [];
        const node: YamlNode = { kind: 'sequence', items: list, offset: event.start };
        frames.push({
          kind: 'sequence',
          node,
          items: list,
          anchor: remember(event, node, true),
          before: size,
        });
        position = event.start;
        size += 1;
        break;
      }
      case EVENT_ID.MAPPING: {
        checkTag(event);
        const entries = new Map<string, YamlEntry>();
        const node: YamlMapping = { kind: 'mapping', entries, offset: event.start };
        const anchor = remember(event, node, true);
        frames.push({ kind: 'mapping', node, entries, key: undefined, merges: [], anchor, before: size });
        position = event.start;
        size += 1;
        break;
      }
      case EVENT_ID.ALIAS:
        add(resolveAlias(event));
        break;
      case EVENT_ID.POP: {
        const frame = frames.pop();
        if (frame === undefined || frame.kind === 'document') break;
        if (frame.kind === 'mapping') merge({ frame, report });
        if (frame.anchor !== undefined) {
          frame.anchor.open = false;
          frame.anchor.size = size - frame.before;
        }
        add(frame.node);
        break;
      }
      default:
        event satisfies never;
    }
  }
  return { ...(tree === undefined ? {} : { tree }), problems };
}

type Report = (code: string, offset: number, message: string, suggestion?: string) => void;

function keyOf(node: YamlNode, written: { text: string; plain: boolean } | undefined, report: Report): Key {
  if (node.kind === 'scalar') {
    const { text, offset, end } = node;
    return { text, offset, end, merge: text === '<<' && written?.plain === true };
  }
  report(
    'complex-key',
    node.offset,
    'A key must be text, not a list or a mapping.',
    'put text with brackets in quotes',
  );
  return { text: '', offset: node.offset, end: node.offset, merge: false };
}

function addEntry(options: {
  frame: Extract<Frame, { kind: 'mapping' }>;
  key: Key;
  value: YamlNode;
  source: Source;
  report: Report;
}): void {
  const { frame, key, value, source, report } = options;
  if (key.merge) {
    frame.merges.push(value);
    return;
  }
  const first = frame.entries.get(key.text);
  if (first === undefined) {
    frame.entries.set(key.text, { key: key.text, offset: key.offset, end: key.end, value });
    return;
  }
  report(
    'duplicate-key',
    key.offset,
    `"${shorten(key.text)}" is given twice; the first is in line ${source.locate(first.offset).line}.`,
    'keep one of the two',
  );
}

/** Adds what `<<` brings in: own keys win over merged ones, and earlier mappings over later ones. */
function merge(options: { frame: Extract<Frame, { kind: 'mapping' }>; report: Report }): void {
  const { frame, report } = options;
  for (const value of frame.merges) {
    for (const mapping of value.kind === 'sequence' ? value.items : [value]) {
      if (mapping.kind !== 'mapping') {
        report('bad-merge', mapping.offset, 'The merge key << takes a mapping, or a list of mappings.');
        continue;
      }
      for (const entry of mapping.entries.values()) {
        if (!frame.entries.has(entry.key)) frame.entries.set(entry.key, entry);
      }
    }
  }
}

/** Keys can be as long as the file. */
function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
