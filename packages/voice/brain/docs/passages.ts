/** A piece of a page that can be told: what it is found by, and its sentences as one says them. */
export type Passage = {
  /** Title of its page. */
  page: string;
  /** What is embedded: the headings above it, and its text. */
  text: string;
  sentences: readonly string[];
};

/** Nobody listens to more at once. */
const mostWords = 35;

/** A text of fewer words tells nothing. */
const leastWords = 4;

/**
 * Cuts a page into what can be told: paragraphs, items of lists and rows of tables. A command that follows a paragraph is
 * its end; other blocks of code are left out.
 *
 * @param page as Markdown
 */
export function passagesOf(page: string): readonly Passage[] {
  const headings: string[] = [];
  const passages: Passage[] = [];
  for (const block of blocksOf(page)) {
    const heading = /^(?<marks>#+) (?<title>.+)$/u.exec(block)?.groups;
    if (heading !== undefined) {
      headings.length = Math.min(headings.length, (heading.marks ?? '').length - 1);
      headings.push(spoken(heading.title ?? ''));
      continue;
    }
    const text = spoken(block);
    const sentences = sentencesOf(text);
    if (sentences.length === 0) continue;
    passages.push({ page: headings[0] ?? '', text: [...headings, text].join('. '), sentences });
  }
  return passages;
}

/** Headings, paragraphs, items and rows, each on one line. */
function blocksOf(page: string): readonly string[] {
  const blocks: string[] = [];
  let open = false;
  let fence: { isFirst: boolean } | undefined;
  const lines = page.replaceAll(/<!--.*?-->/gsu, '').split('\n');
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text.startsWith('```')) {
      fence = fence === undefined ? { isFirst: true } : undefined;
      open = false;
      continue;
    }
    if (fence !== undefined) {
      const last = blocks.at(-1);
      if (fence.isFirst && last?.endsWith(':') === true) blocks[blocks.length - 1] = `${last} \`${text}\`.`;
      fence.isFirst = false;
      continue;
    }
    const isRow = text.startsWith('|');
    // The first row of a table names its columns; the second one is a line.
    const isHead = isRow && (/^[|\s:-]+$/u.test(text) || /^[|\s:-]+$/u.test(lines[index + 1]?.trim() ?? ''));
    const isNew = isRow || /^(#+ |[-*] |\d+\. )/u.test(text);
    if (text === '' || isHead) open = false;
    else if (open && !isNew) blocks[blocks.length - 1] = `${blocks.at(-1)} ${text}`;
    else blocks.push(isRow ? sentenceOf(text) : text.replace(/^([-*]|\d+\.) /u, ''));
    open = text !== '' && !isRow && !text.startsWith('#');
  }
  return blocks;
}

/** "back up now: arc backup sql." of a row. */
function sentenceOf(row: string): string {
  const cells = row.split(/(?<!\\)\|/u).map((cell) => cell.trim());
  return `${cells.filter((cell) => cell !== '').join(': ')}.`;
}

/** Without marks: `[a](b)` is a, and what stands in brackets is not said. */
function spoken(markdown: string): string {
  return markdown
    .replaceAll(/!?\[(?<text>[^\]]*)\]\([^)]*\)/gu, '$<text>')
    .replaceAll(/ \([^()]*\)/gu, '')
    .replaceAll(/[`*]{1,2}(?<text>[^`*]+)[`*]{1,2}/gu, '$<text>')
    .replaceAll(/https?:\/\/\S+/gu, '')
    .replaceAll(/[<>\\`]/gu, '')
    .replaceAll('_', ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function sentencesOf(text: string): readonly string[] {
  return (
    text
      .split(/(?<=[.!?:]) (?=[A-Z])/u)
      .map((sentence) => shortened(sentence))
      // What ends with a colon has its answer in what is left out.
      .filter((sentence) => sentence.split(' ').length >= leastWords && !sentence.endsWith(':'))
  );
}

/** Up to the last comma or the like that is near enough. */
function shortened(sentence: string): string {
  const words = sentence.split(' ');
  if (words.length <= mostWords) return sentence;
  const most = words.slice(0, mostWords).join(' ');
  return `${/^(?<part>.+)[,;:] /u.exec(most)?.groups?.part ?? most}.`;
}
