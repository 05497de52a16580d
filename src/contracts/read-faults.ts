import type { FieldSchema, ListSchema, NumberSchema, ObjectSchema, TextSchema } from './field-schema.ts';

/** What a publisher may write and a reader refuses. */
export type ReadFault = {
  /** JSON pointer of the field; `*` is any item of a list, or any other name of an object. */
  pointer: string;
  /** `is not always there, and readers require it` */
  message: string;
};

/**
 * Everything in which a body of the writer's schema may break the reader's: none means that whatever satisfies the one
 * can be read with the other. A reader ignores fields that it does not know (src/contracts/check-body.ts), so a new
 * field breaks nobody unless it is required.
 */
export function readFaults(options: { reader: FieldSchema; writer: FieldSchema }): readonly ReadFault[] {
  const faults: ReadFault[] = [];
  compare(faults, options.reader, options.writer, '');
  return faults;
}

function compare(faults: ReadFault[], reader: FieldSchema, writer: FieldSchema, pointer: string): void {
  const fault = (message: string): void => {
    faults.push({ pointer, message });
  };
  switch (reader.type) {
    case 'object':
      if (writer.type === 'object') compareObjects(faults, reader, writer, pointer);
      else fault(otherType(reader, writer));
      return;
    case 'array':
      if (writer.type === 'array') compareLists(faults, reader, writer, pointer);
      else fault(otherType(reader, writer));
      return;
    case 'string':
      if (writer.type === 'string') for (const message of textFaults(reader, writer)) fault(message);
      else fault(otherType(reader, writer));
      return;
    case 'integer':
    case 'number':
      if (writer.type === reader.type || (writer.type === 'integer' && reader.type === 'number'))
        for (const message of numberFaults(reader, writer)) fault(message);
      else fault(otherType(reader, writer));
      return;
    case 'boolean':
      if (writer.type !== 'boolean') fault(otherType(reader, writer));
      return;
    default:
      reader satisfies never;
  }
}

function otherType(reader: FieldSchema, writer: FieldSchema): string {
  return `is written as ${names[writer.type]}, and read as ${names[reader.type]}`;
}

const names: Readonly<Record<FieldSchema['type'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function compareObjects(
  faults: ReadFault[],
  reader: ObjectSchema,
  writer: ObjectSchema,
  pointer: string,
): void {
  for (const name of reader.required) {
    if (writer.required.includes(name)) continue;
    const declared = Object.hasOwn(writer.properties, name);
    faults.push({
      pointer: `${pointer}/${name}`,
      message: `is ${declared ? 'not always' : 'never'} there, and readers require it`,
    });
  }
  const all = new Set([...Object.keys(reader.properties), ...Object.keys(writer.properties)]);
  for (const name of all) {
    compareField(faults, fieldOf(reader, name), fieldOf(writer, name), `${pointer}/${name}`);
  }
  compareField(faults, reader.additionalProperties, writer.additionalProperties, `${pointer}/*`);
}

/** What a schema says of a name: a schema, anything, or nothing. */
function fieldOf(schema: ObjectSchema, name: string): FieldSchema | boolean {
  const own = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  return own ?? schema.additionalProperties;
}

function compareField(
  faults: ReadFault[],
  reader: FieldSchema | boolean,
  writer: FieldSchema | boolean,
  pointer: string,
): void {
  // The reader takes anything or ignores it, or the writer never writes it.
  if (typeof reader === 'boolean' || writer === false) return;
  if (writer === true)
    faults.push({ pointer, message: `may be anything, and is read as ${names[reader.type]}` });
  else compare(faults, reader, writer, pointer);
}

function compareLists(faults: ReadFault[], reader: ListSchema, writer: ListSchema, pointer: string): void {
  if ((reader.minItems ?? 0) > (writer.minItems ?? 0))
    faults.push({
      pointer,
      message: `may have fewer items than the ${reader.minItems} that readers require`,
    });
  if ((reader.maxItems ?? endless) < (writer.maxItems ?? endless))
    faults.push({ pointer, message: `may have more items than the ${reader.maxItems} that readers allow` });
  compare(faults, reader.items, writer.items, `${pointer}/*`);
}

const endless = Number.POSITIVE_INFINITY;

function textFaults(reader: TextSchema, writer: TextSchema): readonly string[] {
  const written = valuesOf(writer);
  const read = valuesOf(reader);
  const faults: string[] = [];
  if (read !== undefined) {
    const unknown = written?.filter((value) => !read.includes(value));
    if (unknown === undefined) faults.push(`may be any text, and readers know only ${read.join(', ')}`);
    else if (unknown.length > 0)
      faults.push(`may be ${unknown.join(', ')}, and readers know only ${read.join(', ')}`);
  }
  // Values that are listed can be looked at one by one; of others only the schemas are known.
  const fits = (test: (value: string) => boolean, same: boolean): boolean => written?.every(test) ?? same;
  if (reader.format !== undefined && reader.format !== writer.format && written === undefined)
    faults.push(`need not be a ${reader.format}, and readers require one`);
  const { pattern } = reader;
  if (
    pattern !== undefined &&
    !fits((value) => new RegExp(pattern, 'u').test(value), pattern === writer.pattern)
  )
    faults.push(`need not match ${pattern}, and readers require it`);
  const { minLength = 0, maxLength = endless } = reader;
  if (!fits((value) => [...value].length >= minLength, minLength <= (writer.minLength ?? 0)))
    faults.push(`may be shorter than the ${minLength} characters that readers require`);
  if (!fits((value) => [...value].length <= maxLength, maxLength >= (writer.maxLength ?? endless)))
    faults.push(`may be longer than the ${maxLength} characters that readers allow`);
  return faults;
}

/** All values that a text may have, if they are listed. */
function valuesOf({ const: only, enum: values }: TextSchema): readonly string[] | undefined {
  return only === undefined ? values : [only];
}

function numberFaults(reader: NumberSchema, writer: NumberSchema): readonly string[] {
  const { minimum = -endless, maximum = endless } = reader;
  return [
    ...(minimum > (writer.minimum ?? -endless)
      ? [`may be less than the ${minimum} that readers require`]
      : []),
    ...(maximum < (writer.maximum ?? endless) ? [`may be more than the ${maximum} that readers allow`] : []),
  ];
}
