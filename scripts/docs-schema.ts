// Turns a JSON Schema into the tables of docs/manifest.md. The schemas are the one source: what is written there as
// description, default and example is what a reader sees, an editor shows and an error message quotes.

/** The part of JSON Schema that the schemas in schemas/ use. */
export type Schema = {
  title?: string;
  description?: string;
  type?: string | readonly string[];
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema;
  oneOf?: readonly Schema[];
  then?: Schema;
  else?: Schema;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  examples?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};

/** Headings of the objects that have no title, for they are never a value of their own. */
const untitled: Readonly<Record<string, string>> = {
  runnable: 'Container or job',
  container: 'Container',
};

type Definitions = Readonly<Record<string, Schema>>;

/** One heading with its text: an object of the schema, or the choice between several. */
type Section = { heading: string; schema: Schema };

/** The reference of one kind of file: its fields, then every object in it, in the order in which they are met. */
export function describeSchema(root: Schema): string {
  const definitions = root.$defs ?? {};
  const sections = collectSections(root, definitions);
  // The page has the heading of the file itself.
  const [top, ...others] = sections.map((section, index) =>
    [...(index === 0 ? [] : [`### ${section.heading}`, '']), ...sectionText(section, definitions)].join('\n'),
  );
  return [top, ...others, kindsOfValues(definitions)]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
}

function collectSections(root: Schema, definitions: Definitions): readonly Section[] {
  const found = new Map<string, Section>();
  const visit = (schema: Schema, heading: string | undefined): void => {
    const name = heading ?? headingOf(schema, definitions);
    const target = deref(schema, definitions);
    if (isObject(target) && name !== undefined && !found.has(name)) {
      found.set(name, { heading: name, schema: target });
      if (target.$ref !== undefined) visit({ $ref: target.$ref }, undefined);
      for (const property of Object.values(target.properties ?? {})) visit(property, undefined);
      for (const branch of target.oneOf ?? []) visit(branch, undefined);
    }
    for (const inner of [target.items, target.additionalProperties, target.else, target.then]) {
      if (typeof inner === 'object') visit(inner, undefined);
    }
  };
  visit(root, headingOf(root, definitions) ?? 'The file');
  return [...found.values()];
}

function sectionText({ schema }: Section, definitions: Definitions): readonly string[] {
  const lines: string[] = [];
  if (schema.description !== undefined) lines.push(schema.description, '');
  if (schema.oneOf !== undefined) {
    lines.push(`One of: ${schema.oneOf.map((branch) => link(branch, definitions)).join(', ')}.`);
    return lines;
  }
  const own = Object.entries(schema.properties ?? {});
  if (schema.$ref !== undefined) {
    const base = link({ $ref: schema.$ref }, definitions);
    lines.push(...(own.length === 0 ? [`The fields of ${base}.`] : [`The fields of ${base}, and:`, '']));
  }
  if (own.length > 0) {
    lines.push('| field | is | unless given | example | what for |', '| --- | --- | --- | --- | --- |');
    for (const [name, property] of own) {
      lines.push(row(name, property, schema.required?.includes(name) === true, definitions));
    }
  }
  return lines;
}

function row(name: string, property: Schema, required: boolean, definitions: Definitions): string {
  const full = merged(property, definitions);
  const standard = required ? '**required**' : unlessGiven(property, full);
  const examples = (full.examples ?? []).map(code).join(', ');
  const purpose = full.description ?? (full.const === undefined ? '' : 'Tells which kind it is.');
  const cells = [`\`${name}\``, typeText(property, definitions), standard, examples, purpose];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function unlessGiven({ $ref = '' }: Schema, full: Schema): string {
  // A property that is another definition's stands in its place, and without it that one's counts.
  const [, , owner, , property] = $ref.split('/');
  if (property !== undefined) return `the ${owner === 'runnable' ? 'container' : owner}'s`;
  return full.default === undefined ? '' : code(full.default);
}

/** What a value may be, in a few words. */
function typeText(schema: Schema, definitions: Definitions): string {
  const target = deref(schema, definitions);
  if (target.const !== undefined) return code(target.const);
  if (target.enum !== undefined) return target.enum.map(code).join(', ');
  if (isObject(target)) return link(schema, definitions);
  if (target.then !== undefined && target.else !== undefined)
    return `${typeText(target.else, definitions)}, or ${typeText(target.then, definitions)}`;
  if (target.type === 'array')
    return target.items === undefined || merged(target.items, definitions).title === 'text'
      ? 'list of texts'
      : `list: ${typeText(target.items, definitions)}`;
  if (target.type === 'object') {
    const inner = target.additionalProperties;
    const names = target.propertyNames === undefined ? 'name' : typeText(target.propertyNames, definitions);
    return `mapping: ${names} → ${typeof inner === 'object' ? typeText(inner, definitions) : 'anything'}`;
  }
  if (target.title !== undefined) return shortTitle(target.title);
  return `${scalarNames[String(target.type)] ?? String(target.type)}${bounds(target)}`;
}

const scalarNames: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: '`true` or `false`',
};

function bounds({ minimum, maximum, exclusiveMinimum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
}

/** The kinds of text and number that fields go by. */
function kindsOfValues(definitions: Definitions): string {
  const kinds = Object.values(definitions).filter(
    ({ title, type, properties, examples }) =>
      title !== undefined && type !== 'object' && type !== 'array' && properties === undefined && examples,
  );
  if (kinds.length === 0) return '';
  return [
    '| kind of value | form | example |',
    '| --- | --- | --- |',
    ...kinds.map(({ title = '', description, examples = [] }) => {
      const form = title.includes(': ') ? title.slice(title.indexOf(': ') + 2) : (description ?? '');
      return `| ${shortTitle(title)} | ${form} | ${examples.map(code).join(', ')} |`;
    }),
  ].join('\n');
}

/** `a role: small letters, digits and single dashes` → `role`. */
function shortTitle(title: string): string {
  return (title.split(': ')[0] ?? title).replace(/^(an?|the) /, '');
}

function headingOf(schema: Schema, definitions: Definitions): string | undefined {
  const target = deref(schema, definitions);
  const name = schema.$ref?.split('/').at(-1);
  const text = target.title === undefined ? untitled[name ?? ''] : shortTitle(target.title);
  return text === undefined ? undefined : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function link(schema: Schema, definitions: Definitions): string {
  const heading = headingOf(schema, definitions) ?? '';
  return `[${heading.charAt(0).toLowerCase()}${heading.slice(1)}](#${anchorOf(heading)})`;
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function isObject({ properties, $ref, oneOf }: Schema): boolean {
  return properties !== undefined || $ref !== undefined || oneOf !== undefined;
}

/** What a bare reference points at; an object that takes in the fields of another one stays as it is. */
function deref(schema: Schema, definitions: Definitions): Schema {
  if (schema.$ref === undefined || schema.properties !== undefined || schema.type !== undefined)
    return schema;
  return deref(definition(schema.$ref, definitions), definitions);
}

/** With what is said where it is used in front of what is said where it is defined. */
function merged(schema: Schema, definitions: Definitions): Schema {
  const { $ref, ...own } = schema;
  return $ref === undefined ? schema : { ...merged(definition($ref, definitions), definitions), ...own };
}

/** `#/$defs/role`, or a property of a definition: `#/$defs/container/properties/volumes`. */
function definition(reference: string, definitions: Definitions): Schema {
  const [, , name = '', , property] = reference.split('/');
  const owner = definitions[name];
  const found = property === undefined ? owner : owner?.properties?.[property];
  if (found === undefined) throw new Error(`${reference} is not there`);
  return found;
}

function code(value: unknown): string {
  return value === '' ? '`""`' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
