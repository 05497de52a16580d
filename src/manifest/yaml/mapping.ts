import { quote } from '../words.ts';
import type { Report } from './report.ts';
import type { Source } from './source.ts';
import type { YamlEntry, YamlMapping, YamlNode } from './tree.ts';

/** A mapping that is being filled: keys and values come in turn. */
export type MappingDraft = {
  node: YamlMapping;
  /** The next key or value. Only a plain `<<` is the merge key; one in quotes is a key like any other. */
  add: (node: YamlNode, isPlain: boolean) => void;
  /** Brings in what `<<` names. */
  finish: () => void;
};

type Key = { text: string; offset: number; end: number; isMerge: boolean };

export function draftMapping(options: { offset: number; source: Source; report: Report }): MappingDraft {
  const { offset, source, report } = options;
  const entries = new Map<string, YamlEntry>();
  const merges: YamlNode[] = [];
  let key: Key | undefined;

  const put = (own: Key, value: YamlNode) => {
    const first = entries.get(own.text);
    if (own.isMerge) merges.push(value);
    else if (first === undefined)
      entries.set(own.text, { key: own.text, offset: own.offset, end: own.end, value });
    else {
      report(
        'duplicate-key',
        own.offset,
        `${quote(own.text)} is given twice; the first is in line ${source.locate(first.offset).line}.`,
        'keep one of the two',
      );
    }
  };

  return {
    node: { kind: 'mapping', entries, offset },
    add: (node, isPlain) => {
      if (key === undefined) {
        key = keyOf({ node, isPlain, report });
        return;
      }
      put(key, node);
      key = undefined;
    },
    finish: () => merge({ entries, merges, report }),
  };
}

function keyOf(options: { node: YamlNode; isPlain: boolean; report: Report }): Key {
  const { node, isPlain, report } = options;
  if (node.kind === 'scalar') {
    const { text, offset, end } = node;
    return { text, offset, end, isMerge: text === '<<' && isPlain };
  }
  report(
    'complex-key',
    node.offset,
    'A key must be text, not a list or a mapping.',
    'put text with brackets in quotes',
  );
  return { text: '', offset: node.offset, end: node.offset, isMerge: false };
}

/** Own keys win over merged ones, and earlier mappings over later ones. */
function merge(options: {
  entries: Map<string, YamlEntry>;
  merges: readonly YamlNode[];
  report: Report;
}): void {
  const { entries, merges, report } = options;
  for (const value of merges) {
    for (const mapping of value.kind === 'sequence' ? value.items : [value]) {
      if (mapping.kind !== 'mapping') {
        report('bad-merge', mapping.offset, 'The merge key << takes a mapping, or a list of mappings.');
        continue;
      }
      for (const entry of mapping.entries.values()) {
        if (!entries.has(entry.key)) entries.set(entry.key, entry);
      }
    }
  }
}
