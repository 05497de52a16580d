import type { FieldSchema, ObjectSchema } from '../../contracts/field-schema.ts';
import type { Message } from '../../contracts/model.ts';
import { bareSchema, descriptorOf, topicOf } from './descriptor.ts';
import { layOut } from './lay-out.ts';
import { type ClientModule, descriptionLines, moduleName, pascalCase, upperCase } from './names.ts';

/** The Python of one file of contracts: a TypedDict for each object, and a contract for each message. */
export function pythonModule(module: ClientModule, all: readonly Message[]): string {
  const { messages } = module;
  const replies = messages.flatMap(({ nats }) => all.filter(({ name }) => name === nats?.reply));
  const others = new Set(replies.map(({ domain }) => domain).filter((domain) => domain !== module.domain));
  return [
    'from __future__ import annotations',
    '',
    'from typing import Any, Literal, NotRequired, TypedDict',
    '',
    'from ..contract import Contract',
    ...[...others].toSorted().map((other) => `from . import ${moduleName(other)}`),
    ...messages.flatMap((message) => [
      '',
      '',
      ...classesOf(message),
      '',
      '',
      ...contractOf({ message, module, all }),
    ]),
    '',
  ].join('\n');
}

function contractOf(options: {
  message: Message;
  module: ClientModule;
  all: readonly Message[];
}): readonly string[] {
  const { message, module, all } = options;
  const { name, type, nats, schema } = message;
  const pulsar = topicOf(message);
  const reply = all.find((other) => other.name === nats?.reply);
  const inModule = reply?.domain === module.domain ? '' : `${moduleName(reply?.domain ?? '')}.`;
  const described = {
    ...descriptorOf(message),
    ...(pulsar === undefined ? {} : { pulsar }),
    schema: bareSchema(schema),
  };
  const variable = upperCase(name);
  return [
    `${variable}: Contract[${type}, ${reply === undefined ? 'Any' : `${inModule}${reply.type}`}] = Contract.of(`,
    `    ${layOut({ value: described, indent: '    ', step: '    ', words: pythonWords })},`,
    ...(reply === undefined ? [] : [`    reply=lambda: ${inModule}${upperCase(reply.name)},`]),
    ')',
    `"""The contract of ${type}."""`,
  ];
}

/** Classes for the objects of a message, inner ones first. */
function classesOf(message: Message): readonly string[] {
  const classes: string[][] = [];
  const { type, description, schema } = message;
  objectClass({ name: type, schema, description, classes });
  return classes.flatMap((lines, index) => (index === 0 ? lines : ['', '', ...lines]));
}

function objectClass(options: {
  name: string;
  schema: ObjectSchema;
  description: string | undefined;
  classes: string[][];
}): void {
  const { name, schema, description, classes } = options;
  const fields = Object.entries(schema.properties).map(([field, inner]) => {
    const text = typeText({ name: `${name}${pascalCase(field)}`, schema: inner, classes });
    const typed = schema.required.includes(field) ? text : `NotRequired[${text}]`;
    return { field, typed, description: inner.description };
  });
  // Names that are no identifiers, or words of the language, only fit into the functional form.
  const plain = fields.every(({ field }) => /^[A-Za-z_]\w*$/.test(field) && !words.has(field));
  if (!plain) {
    const entries = fields.map(({ field, typed }) => `        ${text(field)}: ${text(typed)},`);
    classes.push([`${name} = TypedDict(`, `    "${name}",`, '    {', ...entries, '    },', ')']);
    return;
  }
  classes.push([
    `class ${name}(TypedDict):`,
    ...docstring(description ?? schema.description ?? `Part of a message.`, '    '),
    '',
    ...fields.flatMap(({ field, typed, description: said }) => [
      `    ${field}: ${typed}`,
      ...(said === undefined ? [] : docstring(said, '    ')),
    ]),
  ]);
}

function typeText(options: { name: string; schema: FieldSchema; classes: string[][] }): string {
  const { name, schema, classes } = options;
  switch (schema.type) {
    case 'object': {
      const { properties, additionalProperties: others } = schema;
      if (Object.keys(properties).length === 0) {
        const value =
          typeof others === 'boolean' ? 'Any' : typeText({ name: `${name}Value`, schema: others, classes });
        return `dict[str, ${value}]`;
      }
      objectClass({ name, schema, description: schema.description, classes });
      return name;
    }
    case 'array':
      return `list[${typeText({ name: `${name}Item`, schema: schema.items, classes })}]`;
    case 'string':
      if (schema.const !== undefined) return `Literal[${text(schema.const)}]`;
      return schema.enum === undefined ? 'str' : `Literal[${schema.enum.map(text).join(', ')}]`;
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      return schema satisfies never;
  }
}

function docstring(description: string, indent: string): readonly string[] {
  const lines = descriptionLines(description).map((line) =>
    line.replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return [`${indent}"""${first}"""`];
  return [`${indent}"""${first}`, '', ...rest.map((line) => `${indent}${line}`.trimEnd()), `${indent}"""`];
}

/** A text as Python reads it: the escapes of JSON are among Python's. */
function text(value: string): string {
  return JSON.stringify(value);
}

const pythonWords = { true: 'True', false: 'False', null: 'None' };

const words = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
