const small = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** A number and its noun, as one says it: "two rooms", "no rooms", "one room". */
export function count(number: number, noun: string): string {
  return `${small[number] ?? number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Names as one says them: "a, b and c". */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
