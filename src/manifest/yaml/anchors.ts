import type { Report } from './report.ts';
import type { YamlNode } from './tree.ts';

/** Most nodes that the aliases of a file may stand for, all together; manifests use a few dozen. */
const maximumExpansion = 10_000;

/** The node of one anchor. `size` counts its nodes, including those that its aliases stand for. */
export type Anchor = { node: YamlNode; size: number; sizeBefore: number; open: boolean };

/** The anchors of one document, and a bound for what can be made of them. */
export type Anchors = {
  /** Counts a node that is written out. */
  count: () => void;
  /** Names a scalar, or a collection that is only beginning. */
  define: (name: string, node: YamlNode, options: { open: boolean }) => Anchor;
  /** The collection of an anchor is complete. */
  close: (anchor: Anchor) => void;
  /** The node that an alias stands for; undefined, with a problem, if there is none. */
  resolve: (name: string, offset: number) => YamlNode | undefined;
  /** Anchors do not reach beyond their document. */
  clear: () => void;
};

export function createAnchors(report: Report): Anchors {
  const anchors = new Map<string, Anchor>();
  let size = 0;
  let expansion = 0;
  return {
    count: () => {
      size += 1;
    },
    define: (name, node, { open }) => {
      const anchor = { node, size: 1, sizeBefore: size - 1, open };
      anchors.set(name, anchor);
      return anchor;
    },
    close: (anchor) => {
      anchor.open = false;
      anchor.size = size - anchor.sizeBefore;
    },
    resolve: (name, offset) => {
      const anchor = anchors.get(name);
      if (anchor === undefined) {
        report('unknown-alias', offset, 'This alias names no anchor that comes before it.');
        return undefined;
      }
      if (anchor.open) {
        report('alias-cycle', offset, 'This alias is inside the value that it stands for.');
        return undefined;
      }
      const before = expansion;
      expansion += anchor.size;
      if (expansion <= maximumExpansion) {
        size += anchor.size;
        return anchor.node;
      }
      // Once is enough: every further alias is past the bound too.
      if (before <= maximumExpansion) {
        report(
          'alias-expansion',
          offset,
          `The aliases up to here stand for more than ${maximumExpansion} values.`,
          'write the values out, or split the file',
        );
      }
      return undefined;
    },
    clear: () => anchors.clear(),
  };
}
