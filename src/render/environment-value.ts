/**
 * A value in an `env_file` as Docker Compose reads it back for exactly this value (compose-go `dotenv/parser.go`). Between
 * single quotes everything means itself, line breaks too, but a quote, and a backslash before the closing one. Between
 * double quotes there are escapes, of which the octal one is for a backslash that may be the last character.
 */
export function environmentValue(value: string): string {
  if (!/['\r]|\\$/.test(value)) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$\n\r]/g, (found) => escapes[found] ?? found)}"`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\0134',
  '"': '\\"',
  $: '\\$',
  '\n': '\\n',
  '\r': '\\r',
};
