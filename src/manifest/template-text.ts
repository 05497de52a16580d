import type { Problem } from '../core/errors.ts';
import { decodeText, withUnixLineEnds } from '../core/text.ts';

/**
 * The text of a template, or what keeps it from being one. An empty template is refused: it would make an empty config
 * file, and programs take their defaults then, public passwords among them.
 */
export function readTemplate(options: {
  file: string;
  content: string | Uint8Array;
}): { text: string } | { problem: Problem } {
  const { file } = options;
  const read = decodeText(options);
  if ('problem' in read) return read;
  if (read.text.trim() !== '') return { text: withUnixLineEnds(read.text) };
  return {
    problem: {
      code: 'empty-file',
      message: `${file} is empty; a template is expected.`,
      suggestion: 'write the template, or take its entry out of `config:`',
      location: { file, line: 1, column: 1 },
    },
  };
}
