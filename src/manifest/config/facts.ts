import { applicableShape } from '../schema/check.ts';
import type { DocumentSchema } from '../schema/load.ts';
import { type Path, pathText } from '../schema/path.ts';
import { type JsonSchema, propertyOf, type Shape } from '../schema/shape.ts';
import { entries, type YamlMapping, type YamlNode, type YamlScalar } from '../yaml/tree.ts';

// What a config file says about things that other files speak of too. Which fields those are is written in the
// upstream's schema, with keywords of this project, so that no upstream needs code of its own:
//
//   x-defines: K        this value is a K, for others to refer to
//   x-refers: K         this value must be one of the Ks that are defined, or the same wherever K is referred to
//   x-of: field         it belongs to the value of that field beside it: a secret to its key
//   x-address: true     the value is an address; of a number, that port of the file's own container
//   x-listens: tcp|udp  the program listens on this port
//   x-url: [schemes]     the value, where it is not empty, is a URL with one of these schemes
//   x-told: true         that URL is for clients outside: others than the program itself follow it
//   x-needs: [fields]    where this field has a value, these fields beside it must have one
//   x-secret: true      the value, or with propertyNames the name, must not be shown

/** One value that has to agree with another place. */
export type Mention = {
  role: 'defines' | 'refers';
  /** The kind of value: `livekit-api-key`. */
  topic: string;
  value: string;
  /** The value that this one belongs to, if it has no meaning alone. */
  owner: string | undefined;
  secret: boolean;
  address: boolean;
  /** Path of the field: `redis.address`. */
  field: string;
  offset: number;
};

/** A port that the program listens on. */
export type Listener = { field: string; value: string; protocol: 'tcp' | 'udp'; offset: number };

/** A URL that the program, or a client of it, connects to. */
export type Link = {
  field: string;
  value: string;
  schemes: readonly string[];
  /** Followed by clients outside, not by the program itself. */
  told: boolean;
  offset: number;
};

/** A field that is useless, or worse, without another beside it. */
export type Gap = { field: string; missing: string; offset: number };

export type ConfigFacts = {
  links: readonly Link[];
  gaps: readonly Gap[];
  mentions: readonly Mention[];
  listeners: readonly Listener[];
  /** Ranges of the text, start and end, that hold what must not be shown. */
  hidden: readonly (readonly [number, number])[];
};

/** Collects the annotated fields of a file. Unknown fields count as secret. */
export function collectFacts(options: { document: DocumentSchema; tree: YamlNode }): ConfigFacts {
  const run: Run = {
    document: options.document,
    mentions: [],
    listeners: [],
    links: [],
    gaps: [],
    hidden: [],
  };
  visit(run, options.document.schema, options.tree, undefined);
  return run;
}

type Run = {
  document: DocumentSchema;
  mentions: Mention[];
  listeners: Listener[];
  links: Link[];
  gaps: Gap[];
  hidden: (readonly [number, number])[];
};

function visit(run: Run, schema: JsonSchema, node: YamlNode, path: Path): void {
  const shape = applicableShape({ shapes: run.document.shapes, schema, node });
  if (shape === undefined) {
    hide(run, node);
    return;
  }
  switch (node.kind) {
    case 'scalar':
      if (isHidden(shape, node)) run.hidden.push([node.offset, node.end]);
      link(run, shape, node, path);
      return;
    case 'sequence':
      for (const [index, item] of node.items.entries()) {
        const own = shape.prefixItems[index] ?? shape.items;
        if (own === undefined) hide(run, item);
        else visit(run, own, item, { up: path, step: index });
      }
      return;
    case 'mapping':
      visitMapping(run, shape, node, path);
      return;
    default:
      node satisfies never;
  }
}

function visitMapping(run: Run, shape: Shape, node: YamlMapping, path: Path): void {
  const names = shape.propertyNames === undefined ? undefined : run.document.shapes(shape.propertyNames);
  for (const { key, offset, end, value } of entries(node)) {
    const here: Path = { up: path, step: key };
    const known = propertyOf(shape, key);
    const schema = known ?? shape.additional;
    if (names !== undefined) {
      if (names.notes['x-secret'] === true) run.hidden.push([offset, end]);
      // The way to an entry of `keys` ends with the key itself, which may be one that must not be shown.
      mention(run, {
        shape: names,
        value: key,
        hidden: names.notes['x-secret'] === true,
        owner: undefined,
        path,
        offset,
      });
    }
    if (schema === undefined || schema === false) {
      hide(run, value);
      continue;
    }
    visit(run, schema, value, here);
    gaps(run, { shape: run.document.shapes(schema), key, beside: node, path: here, offset });
    if (value.kind !== 'scalar' || value.value === null || value.text === '') continue;
    const own = run.document.shapes(schema);
    const beside =
      typeof own.notes['x-of'] === 'string' ? node.entries.get(own.notes['x-of'])?.value : undefined;
    const owner = known === undefined ? key : beside?.kind === 'scalar' ? beside.text : undefined;
    mention(run, {
      shape: own,
      value: value.text,
      hidden: isHidden(own, value),
      owner,
      path: known === undefined ? path : here,
      offset: value.offset,
    });
    const protocol = own.notes['x-listens'];
    if (protocol === 'tcp' || protocol === 'udp') {
      run.listeners.push({ field: pathText(here), value: value.text, protocol, offset: value.offset });
    }
  }
}

function link(run: Run, shape: Shape, node: YamlScalar, path: Path): void {
  const schemes = shape.notes['x-url'];
  if (!Array.isArray(schemes) || node.value === null || node.text === '') return;
  // The schema has said so already.
  if (shape.pattern?.test(node.text) === false) return;
  run.links.push({
    field: pathText(path),
    value: node.text,
    schemes,
    told: shape.notes['x-told'] === true,
    offset: node.offset,
  });
}

function gaps(
  run: Run,
  options: { shape: Shape; key: string; beside: YamlMapping; path: Path; offset: number },
): void {
  const { shape, key, beside, path, offset } = options;
  const needed = shape.notes['x-needs'];
  if (!Array.isArray(needed) || !says(beside.entries.get(key)?.value)) return;
  for (const missing of needed as readonly string[]) {
    if (!says(beside.entries.get(missing)?.value)) run.gaps.push({ field: pathText(path), missing, offset });
  }
}

/** Whether a field has a value that means something: 0 turns a port off. */
function says(node: YamlNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'sequence') return node.items.length > 0;
  return node.kind === 'mapping' || (node.value !== null && node.value !== 0 && node.text !== '');
}

function mention(
  run: Run,
  options: {
    shape: Shape;
    value: string;
    hidden: boolean;
    owner: string | undefined;
    path: Path;
    offset: number;
  },
): void {
  const { shape, value, hidden, owner, path, offset } = options;
  for (const role of ['defines', 'refers'] as const) {
    const topic = shape.notes[`x-${role}`];
    if (typeof topic !== 'string') continue;
    run.mentions.push({
      role,
      topic,
      value,
      owner,
      secret: hidden,
      address: shape.notes['x-address'] === true,
      field: pathText(path),
      offset,
    });
  }
}

/**
 * Whether to hide a value of a known field: because it is secret, or because a mistake may have put a secret into it
 * (an address with a password, a value that continues on the next line, text in the wrong place).
 */
function isHidden(shape: Shape, node: YamlScalar): boolean {
  if (shape.notes['x-secret'] === true || /\s/.test(node.text)) return true;
  const isAddress = shape.notes['x-address'] === true || shape.notes['x-url'] !== undefined;
  if (isAddress && node.text.includes('@')) return true;
  const takesText = shape.types === undefined || shape.types.includes('string');
  return !takesText && !isHarmless(node);
}

/** Switches and ports. */
function isHarmless(node: YamlScalar): boolean {
  return /^(true|false|\d{1,5}|)$/.test(node.text);
}

/** Of an unknown field, everything that is not plainly harmless. */
function hide(run: Run, node: YamlNode): void {
  switch (node.kind) {
    case 'scalar':
      if (!isHarmless(node)) run.hidden.push([node.offset, node.end]);
      return;
    case 'sequence':
      for (const item of node.items) hide(run, item);
      return;
    case 'mapping':
      for (const { value } of entries(node)) hide(run, value);
      return;
    default:
      node satisfies never;
  }
}
