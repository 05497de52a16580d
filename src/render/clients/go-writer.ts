import type { FieldSchema, ListSchema, ObjectSchema, TextSchema } from '../../contracts/field-schema.ts';
import type { Message } from '../../contracts/model.ts';
import { camelCase, pascalCase } from './names.ts';

/** Go's `WriteJSON` of a message: its JSON, and the checks of its schema, as code over the fields of its structs. */
export function writerOf(message: Message): readonly string[] {
  const { type, name, schema, personal, pulsar } = message;
  const context: Context = {
    patterns: [],
    patternsName: `${camelCase(name)}Patterns`,
    personal: personal?.fields ?? [],
    user: personal?.user,
    // What is encrypted is no key until it is.
    key: personal?.fields.includes(pulsar?.key ?? '') ? undefined : pulsar?.key,
  };
  const body = merged(
    objectParts({ ...context, schema, value: 'm', pointer: '', indexes: [], indent: '\t' }),
  );
  const { patterns, patternsName } = context;
  const compiled = patterns.map((text) => `\tcontracts.MustCompilePattern(${JSON.stringify(text)}),`);
  return [
    ...(patterns.length === 0 ? [] : [`var ${patternsName} = []*contracts.Pattern{`, ...compiled, '}', '']),
    '// WriteJSON writes the message as its contract has it.',
    `func (m ${type}) WriteJSON(w *contracts.Writer) {`,
    ...body,
    '}',
  ];
}

type Context = {
  /** Of the message; each once. */
  patterns: string[];
  patternsName: string;
  personal: readonly string[];
  user: string | undefined;
  key: string | undefined;
};

/** A value that is to be written. `value` is its Go expression, `indexes` are the variables of the lists it is in. */
type Place = Context & { value: string; pointer: string; indexes: readonly string[]; indent: string };

/** JSON that is always the same, or a line of code. */
type Part = { json: string; indent: string } | string;

function partsOf(place: Place & { schema: FieldSchema }): readonly Part[] {
  const { schema, value, indent } = place;
  switch (schema.type) {
    case 'object':
      return Object.keys(schema.properties).length === 0
        ? mapParts({ ...place, schema })
        : objectParts({ ...place, schema });
    case 'array':
      return listParts({ ...place, schema });
    case 'string':
      return textParts({ ...place, schema });
    case 'integer':
    case 'number':
      return [
        `${indent}w.${schema.type === 'integer' ? 'Int' : 'Float'}(${value})`,
        ...boundParts({ ...place, sign: '>=', bound: schema.minimum, whole: schema.type === 'integer' }),
        ...boundParts({ ...place, sign: '<=', bound: schema.maximum, whole: schema.type === 'integer' }),
        ...keyParts({ ...place, text: `contracts.NumberText(${value})` }),
      ];
    case 'boolean':
      return [`${indent}w.Bool(${value})`];
    default:
      return schema satisfies never;
  }
}

function objectParts(place: Place & { schema: ObjectSchema }): readonly Part[] {
  const { schema, value, pointer, indent } = place;
  const fields = Object.entries(schema.properties).flatMap(([name, inner]) => {
    const field = `${value}.${pascalCase(name)}`;
    const json = `${JSON.stringify(name)}:`;
    const at = { ...place, schema: inner, pointer: `${pointer}/${name}` };
    if (schema.required.includes(name)) return [{ json, indent }, ...partsOf({ ...at, value: field })];
    const isScalar = inner.type !== 'object' && inner.type !== 'array';
    return [
      `${indent}if ${field} != nil {`,
      { json, indent: `${indent}\t` },
      ...partsOf({ ...at, value: isScalar ? `*${field}` : field, indent: `${indent}\t` }),
      `${indent}}`,
    ];
  });
  return [{ json: '{', indent }, ...fields, `${indent}w.End('}')`];
}

/** An object whose names only the message knows. */
function mapParts(place: Place & { schema: ObjectSchema }): readonly Part[] {
  const { schema, value, indent, pointer } = place;
  const { additionalProperties: others } = schema;
  if (typeof others === 'boolean')
    return [...(others ? [] : [`${indent}w.Check(len(${value}) == 0)`]), `${indent}w.Anything(${value})`];
  const depth = indent.length;
  const [name, inner] = [`name${depth}`, `value${depth}`];
  return [
    { json: '{', indent },
    `${indent}for ${name}, ${inner} := range ${value} {`,
    `${indent}\tw.Name(${name})`,
    // Neither key, user nor personal field is in one.
    ...partsOf({ ...place, schema: others, value: inner, pointer: `${pointer}//`, indent: `${indent}\t` }),
    `${indent}}`,
    `${indent}w.End('}')`,
  ];
}

function listParts(place: Place & { schema: ListSchema }): readonly Part[] {
  const { schema, value, indent, pointer, indexes } = place;
  const index = `i${indexes.length}`;
  const item = {
    ...place,
    schema: schema.items,
    value: `${value}[${index}]`,
    pointer: `${pointer}/*`,
    indexes: [...indexes, index],
    indent: `${indent}\t`,
  };
  const length = `len(${value})`;
  return [
    { json: '[', indent },
    ...(schema.minItems ? [`${indent}w.Check(${length} >= ${schema.minItems})`] : []),
    ...(schema.maxItems === undefined ? [] : [`${indent}w.Check(${length} <= ${schema.maxItems})`]),
    `${indent}for ${index} := range ${value} {`,
    ...partsOf(item),
    `${indent}}`,
    `${indent}w.End(']')`,
  ];
}

function textParts(place: Place & { schema: TextSchema }): readonly Part[] {
  const { schema, value, pointer, indexes, indent, personal, user } = place;
  const isPersonal = personal.includes(pointer);
  const words = [JSON.stringify(pointer), value, ...indexes].join(', ');
  return [
    `${indent}${isPersonal ? `w.Personal(${words})` : `w.Text(${value})`}`,
    ...textChecks(place).map((condition) => `${indent}w.Check(${condition})`),
    ...(schema.enum === undefined ? [] : enumParts({ ...place, values: schema.enum })),
    ...(pointer === user ? [`${indent}w.User(${value})`] : []),
    ...keyParts({ ...place, text: value }),
  ];
}

function textChecks(place: Place & { schema: TextSchema }): readonly string[] {
  const { schema, value, patterns, patternsName } = place;
  const { format, pattern, minLength = 0, maxLength } = schema;
  const checks: string[] = [];
  if (schema.const !== undefined) checks.push(`${value} == ${JSON.stringify(schema.const)}`);
  if (format !== undefined) checks.push(`${formats[format]}(${value})`);
  if (pattern !== undefined) {
    if (!patterns.includes(pattern)) patterns.push(pattern);
    checks.push(`${patternsName}[${patterns.indexOf(pattern)}].Matches(${value})`);
  }
  if (minLength === 1) checks.push(`${value} != ""`);
  if (minLength > 1) checks.push(`contracts.Characters(${value}) >= ${minLength}`);
  if (maxLength !== undefined) checks.push(`contracts.Characters(${value}) <= ${maxLength}`);
  return checks;
}

const formats = { 'date-time': 'contracts.IsDateTime', uuid: 'contracts.IsUUID' } as const;

function enumParts(place: Place & { values: readonly string[] }): readonly Part[] {
  const { values, value, indent } = place;
  const cases = [...new Set(values)].map((one) => JSON.stringify(one)).join(', ');
  return [
    `${indent}switch ${value} {`,
    ...(cases === '' ? [] : [`${indent}case ${cases}:`]),
    `${indent}default:`,
    `${indent}\tw.Check(false)`,
    `${indent}}`,
  ];
}

function boundParts(
  place: Place & { sign: string; bound: number | undefined; whole: boolean },
): readonly Part[] {
  const { value, indent, sign, bound, whole } = place;
  if (bound === undefined) return [];
  const left = whole && !Number.isSafeInteger(bound) ? `float64(${value})` : value;
  return [`${indent}w.Check(${left} ${sign} ${bound})`];
}

/** `text` is the value as Pulsar's keys are: a text. */
function keyParts(place: Place & { text: string }): readonly Part[] {
  const { key, pointer, indent, text } = place;
  return key !== undefined && key !== '' && pointer === key ? [`${indent}w.Key(${text})`] : [];
}

/** One call for JSON that follows on JSON. */
function merged(parts: readonly Part[]): readonly string[] {
  const lines: string[] = [];
  let pending: { json: string; indent: string } | undefined;
  const flush = (): void => {
    if (pending === undefined) return;
    lines.push(`${pending.indent}w.Raw(\`${pending.json.replaceAll('`', '\\u0060')}\`)`);
    pending = undefined;
  };
  for (const part of parts) {
    if (typeof part === 'string') {
      flush();
      lines.push(part);
    } else pending = { json: `${pending?.json ?? ''}${part.json}`, indent: part.indent };
  }
  flush();
  return lines;
}
