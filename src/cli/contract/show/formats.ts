/** Documents that follow from a contract: AsyncAPI of a domain, the others of a message. */
export const formats = ['json-schema', 'avro', 'asyncapi'] as const;

export type Format = (typeof formats)[number];
