/** The JSON pointer of a property or an item below another one (RFC 6901). */
export function below(path: string, name: string | number): string {
  return `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The names that a JSON pointer consists of. */
export function namesOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value that a JSON pointer leads to; undefined where it leads nowhere. */
export function valueAt(value: unknown, pointer: string): unknown {
  return namesOf(pointer).reduce<unknown>(
    (inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

/**
 * A copy in which the fields that pointers lead to are replaced; `*` stands for every item of a list. What is not there
 * stays away.
 *
 * @param options.replace gets a field's pointer without `*`, and its value
 */
export async function replaceAt<Data>(options: {
  value: Data;
  pointers: readonly string[];
  replace: (path: string, value: unknown) => Promise<unknown>;
}): Promise<Data> {
  const copy = structuredClone(options.value);
  for (const pointer of options.pointers) {
    await visit({ holder: copy, names: namesOf(pointer), path: '', replace: options.replace });
  }
  return copy;
}

async function visit(given: {
  holder: unknown;
  names: readonly string[];
  path: string;
  replace: (path: string, value: unknown) => Promise<unknown>;
}): Promise<void> {
  const { holder, names, path, replace } = given;
  const [name, ...rest] = names;
  if (name === undefined || !isRecord(holder)) return;
  const every = name === '*' && Array.isArray(holder);
  for (const key of every ? Object.keys(holder) : [name]) {
    if (!Object.hasOwn(holder, key)) continue;
    const at = below(path, key);
    if (rest.length === 0) holder[key] = await replace(at, holder[key]);
    else await visit({ holder: holder[key], names: rest, path: at, replace });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
