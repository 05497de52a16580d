/** A segment of the log of changes: timeline, and number in two parts, eight hexadecimal digits each. */
const shape = /^[0-9A-F]{24}$/;

/** Segments of 16 MiB, PostgreSQL's default, are this many in 4 GiB. */
const segmentsInFile = 0x100;

export function isSegment(name: string): boolean {
  return shape.test(name);
}

/** The segment that comes after one on the same timeline. Pure. */
export function nextSegment(name: string): string {
  const [timeline, high, low] = [name.slice(0, 8), name.slice(8, 16), name.slice(16)];
  const number = Number.parseInt(high, 16) * segmentsInFile + Number.parseInt(low, 16) + 1;
  return `${timeline}${hex(Math.floor(number / segmentsInFile))}${hex(number % segmentsInFile)}`;
}

/**
 * The first segment that is missing among those from `first` on, of one timeline. Pure. None is missing while none has
 * come: the server has not filled it yet.
 */
export function missingSegment(options: { first: string; segments: readonly string[] }): string | undefined {
  const { first, segments } = options;
  const timeline = first.slice(0, 8);
  const later = segments.filter((name) => name.startsWith(timeline) && name >= first).toSorted();
  let expected = first;
  for (const name of later) {
    if (name !== expected) return expected;
    expected = nextSegment(expected);
  }
  return undefined;
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0');
}
