/** The fields of a JSON object in a file of `.arc/`; undefined if the text is none, which the caller says with its path. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}
