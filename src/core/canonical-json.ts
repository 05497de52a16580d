/**
 * Data as Go's `encoding/json` writes it: keys in order, no spaces, and `<`, `>` and `&` escaped. Equal data is equal
 * text, so that its hash says whether two programs have read the same.
 *
 * @param data as `JSON.parse` gives it; its numbers are whole
 */
export function canonicalJson(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonicalJson).join(',')}]`;
  if (typeof data === 'object' && data !== null) {
    const members = Object.entries(data).toSorted(([a], [b]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    return `{${members.map(([name, value]) => `${text(name)}:${canonicalJson(value)}`).join(',')}}`;
  }
  return typeof data === 'string' ? text(data) : JSON.stringify(data);
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
