import type { ScalarValue } from './scalar.ts';

// The contents of a YAML file, with positions. Anchors, aliases and merge keys are resolved. An alias shares the node
// of its anchor, and so its position.

export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

export type YamlScalar = {
  kind: 'scalar';
  value: ScalarValue;
  /** As written between quotes, or without them; `1.10` keeps its zero. */
  text: string;
  offset: number;
  end: number;
};

export type YamlSequence = { kind: 'sequence'; items: readonly YamlNode[]; offset: number };

export type YamlMapping = { kind: 'mapping'; entries: ReadonlyMap<string, YamlEntry>; offset: number };

export type YamlEntry = { key: string; offset: number; end: number; value: YamlNode };

/** The node that a mapping holds under a key; none if the node is no mapping, or the key is not there. */
export function member(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
}

/** The items of a sequence; none if the node is anything else. */
export function items(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'sequence' ? node.items : [];
}

/** The entries of a mapping; none if the node is anything else. */
export function entries(node: YamlNode | undefined): Iterable<YamlEntry> {
  return node?.kind === 'mapping' ? node.entries.values() : [];
}
