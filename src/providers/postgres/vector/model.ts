/** A vector column, by the parts of its name, and how many numbers it is to have. */
export type VectorSpec = VectorColumn & { database: string; dimensions: number };

export type VectorColumn = { schema: string; table: string; column: string };

/** A column that exists. */
export type VectorState = {
  /** Absent where its type leaves it open. */
  dimensions: number | undefined;
  /** Rows with a vector. */
  stored: number;
};

/** `agents.conversations.embedding` */
export function columnName({ schema, table, column }: VectorColumn): string {
  return `${schema}.${table}.${column}`;
}

/** The parts of a name that the schema of `postgres.vector` has checked. */
export function columnOf(name: string): VectorColumn {
  const [schema = '', table = '', column = ''] = name.split('.');
  return { schema, table, column };
}
