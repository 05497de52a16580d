import type { Message } from './model.ts';

/** The schema of a message's body as a document of its own. */
export function jsonSchemaOf(message: Message): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${message.event.replaceAll('.', ':')}`,
    title: message.type,
    description: message.description,
    ...message.schema,
    examples: message.examples,
  };
}
