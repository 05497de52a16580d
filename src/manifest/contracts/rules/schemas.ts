import type { FieldSchema, TextSchema } from '../../../contracts/field-schema.ts';
import type { Problem } from '../../../core/errors.ts';
import { type Given, placeIn } from './rule.ts';

/** Schemas that no body can satisfy, or that languages read differently. */
export function checkSchemas(given: Given): readonly Problem[] {
  return given.contracts.messages.flatMap((message) =>
    faultsOf(message.schema, ['schema']).map(({ path, text, suggestion }) => ({
      code: 'contract-schema',
      message: text,
      suggestion,
      location: placeIn(given, message, ...path),
    })),
  );
}

type Path = readonly (string | number)[];
type Fault = { path: Path; text: string; suggestion: string };

function faultsOf(schema: FieldSchema, path: Path): readonly Fault[] {
  switch (schema.type) {
    case 'object': {
      const { properties, required, additionalProperties } = schema;
      const unknown = required.flatMap((name, index): Fault[] =>
        Object.hasOwn(properties, name)
          ? []
          : [
              {
                path: [...path, 'required', index],
                text: `\`required\` names ${name}, which is not one of the properties.`,
                suggestion: `declare ${name} under \`properties\``,
              },
            ],
      );
      const inner = Object.entries(properties).flatMap(([name, field]) =>
        faultsOf(field, [...path, 'properties', name]),
      );
      const others =
        typeof additionalProperties === 'object'
          ? faultsOf(additionalProperties, [...path, 'additionalProperties'])
          : [];
      return [...unknown, ...inner, ...others];
    }
    case 'array':
      return [
        ...bounds({ path, least: schema.minItems, most: schema.maxItems, names: ['minItems', 'maxItems'] }),
        ...faultsOf(schema.items, [...path, 'items']),
      ];
    case 'string':
      return [
        ...bounds({
          path,
          least: schema.minLength,
          most: schema.maxLength,
          names: ['minLength', 'maxLength'],
        }),
        ...patternFaults(schema, path),
      ];
    case 'integer':
    case 'number':
      return bounds({ path, least: schema.minimum, most: schema.maximum, names: ['minimum', 'maximum'] });
    case 'boolean':
      return [];
    default:
      return schema satisfies never;
  }
}

function bounds(options: {
  path: Path;
  least: number | undefined;
  most: number | undefined;
  names: readonly [string, string];
}): readonly Fault[] {
  const { path, least, most, names } = options;
  if (least === undefined || most === undefined || least <= most) return [];
  return [
    {
      path: [...path, names[0]],
      text: `\`${names[0]}\` is ${least}, and \`${names[1]}\` is ${most}, so no value is allowed.`,
      suggestion: 'swap them, or widen one of them',
    },
  ];
}

/** Go's regular expressions have no assertions but for the ends, no back-references and no `\d`-like classes of Unicode. */
function patternFaults({ pattern }: TextSchema, path: Path): readonly Fault[] {
  if (pattern === undefined) return [];
  const fault = (text: string): Fault[] => [
    { path: [...path, 'pattern'], text, suggestion: 'use classes, groups, alternatives and counts only' },
  ];
  try {
    new RegExp(pattern, 'u');
  } catch {
    return fault(`${pattern} is no regular expression.`);
  }
  if (/\(\?(?!:)|\\[1-9kpPbB]/.test(pattern))
    return fault(`${pattern} does not mean the same in JavaScript, Go and Python.`);
  return [];
}
