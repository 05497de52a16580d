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
import type { Problem } from '../../core/errors.ts';
import { type Anchor, createAnchors } from './anchors.ts';
import { draftMapping, type MappingDraft } from './mapping.ts';
import type { Report } from './report.ts';
import { plainValue, type ScalarValue } from './scalar.ts';
import type { Source } from './source.ts';
import type { YamlNode, YamlScalar } from './tree.ts';

/** Tags that change nothing or only say "text"; any other is refused. */
const textTags = new Set(['!', '!!str', '!<tag:yaml.org,2002:str>']);
const plainTags = new Set(['!!map', '!!seq', '!!null', '!!bool', '!!int', '!!float']);

/** A document, list or mapping that is not complete yet. */
type Frame =
  | { kind: 'document' }
  | { kind: 'sequence'; node: YamlNode; items: YamlNode[]; anchor: Anchor | undefined }
  | { kind: 'mapping'; draft: MappingDraft; anchor: Anchor | undefined };

/** Makes the tree of the first document from the parser's events. Works without recursion, in linear time. */
export function buildTree(options: { source: Source; events: readonly Event[] }): {
  tree?: YamlNode;
  problems: readonly Problem[];
} {
  const { source, events } = options;
  const problems: Problem[] = [];
  const frames: Frame[] = [];
  let tree: YamlNode | undefined;
  let documents = 0;
  /** The end of the last event: the position of an omitted value. */
  let position = 0;

  const report: Report = (code, offset, message, suggestion) => {
    problems.push({
      code,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
      location: source.locate(offset),
    });
  };

  const anchors = createAnchors(report);

  const remember = (event: ScalarEvent | SequenceEvent | MappingEvent, node: YamlNode, open: boolean) =>
    event.anchorStart < 0
      ? undefined
      : anchors.define(source.text.slice(event.anchorStart, event.anchorEnd), node, { open });

  const checkTag = (event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined => {
    if (event.tagStart < 0) return undefined;
    const tag = source.text.slice(event.tagStart, event.tagEnd);
    if (textTags.has(tag) || plainTags.has(tag)) return tag;
    report(
      'yaml-tag',
      event.tagStart,
      'This YAML tag has no meaning here.',
      'remove it, or put the text in quotes',
    );
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

  const alias = (event: AliasEvent): YamlNode => {
    const offset = event.anchorStart - 1;
    position = event.anchorEnd;
    const name = source.text.slice(event.anchorStart, event.anchorEnd);
    return (
      anchors.resolve(name, offset) ?? { kind: 'scalar', value: null, text: '', offset, end: event.anchorEnd }
    );
  };

  const add = (node: YamlNode, isPlain: boolean) => {
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
        frame.draft.add(node, isPlain);
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
        anchors.count();
        remember(event, node, false);
        add(node, event.style === SCALAR_STYLE.PLAIN);
        break;
      }
      case EVENT_ID.SEQUENCE: {
        checkTag(event);
        anchors.count();
        const list: YamlNode[] = [];
        const node: YamlNode = { kind: 'sequence', items: list, offset: event.start };
        frames.push({ kind: 'sequence', node, items: list, anchor: remember(event, node, true) });
        position = event.start;
        break;
      }
      case EVENT_ID.MAPPING: {
        checkTag(event);
        anchors.count();
        const draft = draftMapping({ offset: event.start, source, report });
        frames.push({ kind: 'mapping', draft, anchor: remember(event, draft.node, true) });
        position = event.start;
        break;
      }
      case EVENT_ID.ALIAS:
        add(alias(event), false);
        break;
      case EVENT_ID.POP: {
        const frame = frames.pop();
        if (frame === undefined || frame.kind === 'document') break;
        if (frame.kind === 'mapping') frame.draft.finish();
        if (frame.anchor !== undefined) anchors.close(frame.anchor);
        add(frame.kind === 'mapping' ? frame.draft.node : frame.node, false);
        break;
      }
      default:
        event satisfies never;
    }
  }
  return { ...(tree === undefined ? {} : { tree }), problems };
}
