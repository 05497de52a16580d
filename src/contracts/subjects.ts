/**
 * Whether a subject of NATS is covered by a pattern, in which `*` is one token and `>` at the end one or more.
 * The subject may be a pattern itself; then everything that it covers has to be covered.
 */
export function covers(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return tokens.length > index;
    const found = tokens[index];
    if (found === undefined || found === '>') return false;
    if (token !== '*' && token !== found) return false;
  }
  return tokens.length === wanted.length;
}

/** Whether some subject is covered by both patterns. */
export function overlap(one: string, other: string): boolean {
  const [left, right] = [one.split('.'), other.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) return false;
    if (a === '>' || b === '>') return true;
    if (a !== b && a !== '*' && b !== '*') return false;
  }
  return true;
}
