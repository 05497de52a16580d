/** Marks between which the lines of a workspace stand in a hosts file. */
function marks(project: string): { begin: string; end: string } {
  return { begin: `# arc ${project}: begin`, end: `# arc ${project}: end` };
}

/** A block was begun and not ended: what follows it may be a person's. */
export type BrokenHosts = { broken: 'begin' | 'end'; line: number };

/**
 * A hosts file with the lines of a workspace in it, in the place of those that were there; every other byte stays.
 *
 * @param options.lines none removes them
 */
export function withHosts(options: {
  text: string;
  project: string;
  lines: readonly string[];
}): string | BrokenHosts {
  const { text, project, lines } = options;
  const { begin, end } = marks(project);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/(?<=\n)/);
  const places = (mark: string) => all.flatMap((line, index) => (line.trim() === mark ? [index] : []));
  const [begins, ends] = [places(begin), places(end)];
  const [first = all.length] = begins;
  const [last = first - 1] = ends;
  if (begins.length !== ends.length || begins.length > 1 || (ends.length === 1 && last < first)) {
    const broken = begins.length > ends.length ? 'begin' : 'end';
    return { broken, line: (broken === 'begin' ? first : last) + 1 };
  }
  const before = all.slice(0, first).join('');
  const after = all.slice(last + 1).join('');
  if (lines.length === 0) return before + after;
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return before + gap + [begin, ...lines, end].map((line) => line + newline).join('') + after;
}
