import type { FieldSchema, ObjectSchema } from '../../contracts/field-schema.ts';
import type { Message } from '../../contracts/model.ts';
import { bareSchema, descriptorOf } from './descriptor.ts';
import { layOut } from './lay-out.ts';
import { type ClientModule, camelCase, descriptionLines, moduleName } from './names.ts';

/** The TypeScript of one file of contracts: a type and a contract for each message. */
export function typescriptModule(module: ClientModule, all: readonly Message[]): string {
  const { domain, messages } = module;
  const replies = new Map<string, Set<string>>();
  for (const { nats } of messages) {
    const reply = all.find(({ name }) => name === nats?.reply);
    if (reply === undefined || reply.domain === domain) continue;
    const names = replies.get(reply.domain) ?? new Set<string>();
    replies.set(reply.domain, names.add(`type ${reply.type}`).add(camelCase(reply.name)));
  }
  const imports = Array.from(
    replies,
    ([other, names]) => `import { ${[...names].toSorted().join(', ')} } from './${moduleName(other)}.ts';`,
  );
  return [
    "import type { Contract } from '../contract.ts';",
    ...imports.toSorted(),
    ...messages.flatMap((message) => ['', ...typeOf(message), '', ...contractOf(message, all)]),
    '',
  ].join('\n');
}

function typeOf(message: Message): readonly string[] {
  const { type, description, schema } = message;
  return [...comment(description, ''), `export type ${type} = ${typeText(schema, '')};`];
}

function contractOf(message: Message, all: readonly Message[]): readonly string[] {
  const { name, type, nats, schema } = message;
  const reply = all.find((other) => other.name === nats?.reply);
  const described = Object.entries({ ...descriptorOf(message), schema: bareSchema(schema) });
  return [
    `/** The contract of {@link ${type}}. */`,
    `export const ${camelCase(name)}: Contract<${type}${reply === undefined ? '' : `, ${reply.type}`}> = {`,
    ...(reply === undefined ? [] : [`  reply: () => ${camelCase(reply.name)},`]),
    ...described.map(([field, value]) => `  ${field}: ${layOut({ value, indent: '  ', step: '  ' })},`),
    '};',
  ];
}

function typeText(schema: FieldSchema, indent: string): string {
  switch (schema.type) {
    case 'object':
      return objectText(schema, indent);
    case 'array':
      return `readonly ${inBrackets(typeText(schema.items, indent))}[]`;
    case 'string':
      if (schema.const !== undefined) return JSON.stringify(schema.const);
      return schema.enum === undefined ? 'string' : schema.enum.map((one) => JSON.stringify(one)).join(' | ');
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return schema satisfies never;
  }
}

function objectText(schema: ObjectSchema, indent: string): string {
  const { properties, required, additionalProperties: others } = schema;
  const inner = `${indent}  `;
  const fields = Object.entries(properties).flatMap(([name, field]) => [
    ...comment(field.description, inner),
    `${inner}${keyText(name)}${required.includes(name) ? '' : '?'}: ${typeText(field, inner)};`,
  ]);
  const rest = others === false ? [] : [others === true ? 'unknown' : typeText(others, inner)];
  if (fields.length === 0) return `Readonly<Record<string, ${rest[0] ?? 'never'}>>`;
  const known = ['{', ...fields, `${indent}}`].join('\n');
  // An index signature would have to suit the known properties too.
  return rest.length === 0 ? known : `${known} & Readonly<Record<string, unknown>>`;
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function inBrackets(text: string): string {
  return /^[\w.]+$/.test(text) || text.startsWith('{') ? text : `(${text})`;
}

function comment(description: string | undefined, indent: string): readonly string[] {
  const lines = descriptionLines(description).map((line) => line.replaceAll('*/', '*\\/'));
  if (lines.length === 0) return [];
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
