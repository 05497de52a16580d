import type { SourceLocation } from '../../core/errors.ts';

/** A text file of the workspace, and a way from an offset in it to a place that a person can find. */
export type Source = {
  /** Relative to the workspace. */
  file: string;
  text: string;
  /** Place of an offset (UTF-16 code units from 0), with the line that it is on. */
  locate: (offset: number) => SourceLocation;
};

/** Longest excerpt that is kept, in characters; the rest of a longer line is not needed to find a place. */
const excerptLength = 500;

/** Counts lines only when the first position is needed: a file without problems needs few. */
export function sourceOf(options: { file: string; text: string }): Source {
  const { file, text } = options;
  let starts: readonly number[] | undefined;
  return {
    file,
    text,
    locate: (offset) => {
      starts ??= lineStarts(text);
      const at = Math.min(Math.max(offset, 0), text.length);
      const line = lastNotAfter(starts, at);
      const start = starts[line] ?? 0;
      const next = starts[line + 1] ?? text.length + 1;
      const excerpt = text.slice(start, Math.min(next - 1, start + excerptLength)).replace(/\r$/, '');
      return { file, line: line + 1, column: at - start + 1, excerpt };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last start that is not after the offset. */
function lastNotAfter(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
