// As much of a terminal as a recording of arc needs: text, line ends, cursor movement, erasing, colours.

/** Neighbouring characters of one look. */
export type Run = { text: string; style: string };

type Cell = { character: string; style: string };

const colours: Readonly<Record<number, string>> = {
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told with
const control = /\u001b\[(\??)([\d;]*)([A-Za-z])|[\r\n]|[^\u001b\r\n]/gu;

/** A screen that grows downwards without end; it is told what a program writes, in pieces that end between sequences. */
export function createScreen(options: { columns: number }): {
  write: (text: string) => void;
  rows: () => readonly (readonly Run[])[];
} {
  const lines: Cell[][] = [];
  let row = 0;
  let column = 0;
  let colour = '';
  let weight = '';

  const line = (): Cell[] => {
    while (lines.length <= row) lines.push([]);
    return lines[row] ?? [];
  };
  const put = (character: string): void => {
    if (column >= options.columns) {
      row += 1;
      column = 0;
    }
    const cells = line();
    while (cells.length < column) cells.push({ character: ' ', style: '' });
    cells[column] = { character, style: `${colour} ${weight}`.trim() };
    column += 1;
  };
  const look = (codes: readonly number[]): void => {
    for (const code of codes) {
      if (code === 0 || code === 39) colour = '';
      if (code === 0 || code === 22) weight = '';
      if (code === 1) weight = 'bold';
      if (code === 2) weight = 'dim';
      colour = colours[code] ?? colour;
    }
  };
  const sequence = (name: string, numbers: readonly number[]): void => {
    const [first = 0] = numbers;
    if (name === 'A') row = Math.max(0, row - (first || 1));
    else if (name === 'B') row += first || 1;
    else if (name === 'G') column = Math.max(0, first - 1);
    else if (name === 'K') line().splice(first === 2 ? 0 : column);
    else if (name === 'm') look(numbers);
  };

  return {
    write: (text) => {
      for (const [piece, secret, numbers = '', name] of text.matchAll(control)) {
        if (name !== undefined) {
          if (secret === '') sequence(name, numbers.split(';').map(Number));
        } else if (piece === '\r') column = 0;
        else if (piece === '\n') row += 1;
        else put(piece);
      }
    },
    rows: () => lines.map(runsOf),
  };
}

function runsOf(cells: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { character, style } of cells) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += character;
    else runs.push({ text: character, style });
  }
  return runs;
}
