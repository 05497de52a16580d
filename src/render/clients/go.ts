import type { FieldSchema, ObjectSchema } from '../../contracts/field-schema.ts';
import type { Message } from '../../contracts/model.ts';
import { bareSchema, descriptorOf, topicOf } from './descriptor.ts';
import { writerOf } from './go-writer.ts';
import { layOut } from './lay-out.ts';
import { type ClientModule, camelCase, descriptionLines, moduleName, pascalCase } from './names.ts';

/** The Go of one file of contracts: a struct for each object, and a contract for each message. */
export function goModule(module: ClientModule): string {
  const { domain, source, messages } = module;
  return [
    `// Package ${moduleName(domain)} holds the messages of ${source}.`,
    `package ${moduleName(domain)}`,
    '',
    'import contracts "github.com/arc-framework/arc/packages/contracts/go"',
    ...messages.flatMap((message) => ['', ...structsOf(message), '', ...contractOf(message)]),
    '',
  ].join('\n');
}

function contractOf(message: Message): readonly string[] {
  const { name, type, nats, schema } = message;
  const pulsar = topicOf(message);
  const described = {
    ...descriptorOf(message),
    ...(nats?.reply === undefined ? {} : { reply: nats.reply }),
    ...(pulsar === undefined ? {} : { pulsar }),
    schema: bareSchema(schema),
  };
  const variable = `${camelCase(name)}Contract`;
  return [
    `var ${variable} = contracts.MustParse(${raw(layOut({ value: described, indent: '', step: '\t' }))})`,
    '',
    `// Contract returns what contracts declare of ${type}.`,
    `func (${type}) Contract() *contracts.Contract { return ${variable} }`,
    '',
    ...writerOf(message),
  ];
}

/** Structs for the objects of a message, the outermost first. */
function structsOf(message: Message): readonly string[] {
  const structs: string[][] = [];
  const { type, description, schema } = message;
  struct({ name: type, schema, description, structs });
  return structs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function struct(options: {
  name: string;
  schema: ObjectSchema;
  description: string | undefined;
  structs: string[][];
}): void {
  const { name, schema, description, structs } = options;
  const lines: string[] = [];
  structs.push(lines);
  const fields = Object.entries(schema.properties).map(([field, inner]) => {
    const required = schema.required.includes(field);
    const text = typeText({ name: `${name}${pascalCase(field)}`, schema: inner, structs });
    const type = required || /^(\[\]|map\[)/.test(text) ? text : `*${text}`;
    return { name: pascalCase(field), type, tag: `\`json:"${field}${required ? '' : ',omitzero'}"\``, inner };
  });
  lines.push(
    ...comment(`${name}: ${description ?? schema.description ?? 'part of a message.'}`, ''),
    `type ${name} struct {`,
    ...aligned(fields),
    '}',
  );
}

type Field = { name: string; type: string; tag: string; inner: FieldSchema };

/** The fields as gofmt writes them: aligned, from one comment to the next. */
function aligned(fields: readonly Field[]): readonly string[] {
  const runs: Field[][] = [];
  for (const field of fields) {
    const run = runs.at(-1);
    if (run === undefined || field.inner.description !== undefined) runs.push([field]);
    else run.push(field);
  }
  return runs.flatMap((run) => {
    const nameWidth = Math.max(...run.map(({ name }) => name.length));
    const typeWidth = Math.max(...run.map(({ type }) => type.length));
    return run.flatMap(({ name, type, tag, inner }) => [
      ...comment(inner.description, '\t'),
      `\t${name.padEnd(nameWidth)} ${type.padEnd(typeWidth)} ${tag}`,
    ]);
  });
}

function typeText(options: { name: string; schema: FieldSchema; structs: string[][] }): string {
  const { name, schema, structs } = options;
  switch (schema.type) {
    case 'object': {
      const { properties, additionalProperties: others } = schema;
      if (Object.keys(properties).length === 0) {
        const value =
          typeof others === 'boolean' ? 'any' : typeText({ name: `${name}Value`, schema: others, structs });
        return `map[string]${value}`;
      }
      struct({ name, schema, description: schema.description, structs });
      return name;
    }
    case 'array':
      return `[]${typeText({ name: `${name}Item`, schema: schema.items, structs })}`;
    case 'string':
      return 'string';
    case 'integer':
      return 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return schema satisfies never;
  }
}

/** A text between backquotes. JSON can write one otherwise. */
function raw(json: string): string {
  return `\`${json.replaceAll('`', '\\u0060')}\``;
}

function comment(description: string | undefined, indent: string): readonly string[] {
  return descriptionLines(description).map((line) => `${indent}// ${line}`.trimEnd());
}
