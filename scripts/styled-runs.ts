/** Neighbouring characters of one look. */
export type Run = { text: string; style: string };

const colours: Readonly<Record<number, string>> = {
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told of colours
const sequence = /\u001b\[([\d;]*)m/;

/** A line with the sequences for colours and weights that `chalk` writes, in pieces of one look. */
export function styledRuns(line: string): readonly Run[] {
  const runs: Run[] = [];
  let colour = '';
  let weight = '';
  // What is split by has its codes at every second place.
  for (const [index, piece] of line.split(sequence).entries()) {
    if (index % 2 === 0) {
      if (piece !== '') runs.push({ text: piece, style: `${colour} ${weight}`.trim() });
      continue;
    }
    for (const code of piece.split(';').map(Number)) {
      if (code === 0 || code === 39) colour = '';
      if (code === 0 || code === 22) weight = '';
      if (code === 1) weight = 'bold';
      if (code === 2) weight = 'dim';
      colour = colours[code] ?? colour;
    }
  }
  return runs;
}
