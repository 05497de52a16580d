/** Text in double quotes, shortened if it is too long. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `"${line.slice(0, 59)}…"` : `"${line}"`;
}

/** `a, b or c`; past `limit` names the rest is only counted. */
export function either(names: readonly string[], limit = 20): string {
  return listed(names, 'or', limit);
}

/** `a, b and c`; past `limit` names the rest is only counted. */
export function both(names: readonly string[], limit = 20): string {
  return listed(names, 'and', limit);
}

function listed(names: readonly string[], word: string, limit: number): string {
  const shown =
    names.length > limit ? [...names.slice(0, limit), `${names.length - limit} more`] : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} ${word} ${last}`;
}
