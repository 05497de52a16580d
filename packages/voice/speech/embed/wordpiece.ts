/** The part of a Hugging Face `tokenizer.json` that a BERT model needs. */
export type Vocabulary = Readonly<Record<string, number>>;

/** Ids of a text, with the model's marks for its beginning and end. */
export type Tokens = readonly number[];

/** The longest input of the model, in tokens, marks included. Source: the model's `max_seq_length` is 256. */
const most = 256;

/** Words longer than this are unknown. Source: `max_input_chars_per_word` of tokenizer.json. */
const longestWord = 100;

/**
 * WordPiece for an uncased BERT: lower case, no accents, punctuation as words of its own, then the longest known
 * pieces. Source: huggingface.co/docs/tokenizers, `BertNormalizer`, `BertPreTokenizer`, `WordPiece`.
 */
export function tokenize(options: { text: string; vocabulary: Vocabulary }): Tokens {
  const { text, vocabulary } = options;
  const start = vocabulary['[CLS]'] ?? 101;
  const end = vocabulary['[SEP]'] ?? 102;
  const unknown = vocabulary['[UNK]'] ?? 100;
  const words = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}\p{C}]/gu);
  const tokens = (words ?? []).flatMap((word) => piecesOf({ word, vocabulary }) ?? [unknown]);
  return [start, ...tokens.slice(0, most - 2), end];
}

function piecesOf(options: { word: string; vocabulary: Vocabulary }): readonly number[] | undefined {
  const { word, vocabulary } = options;
  if (word.length > longestWord) return undefined;
  const pieces: number[] = [];
  for (let from = 0; from < word.length; ) {
    let to = word.length;
    let id: number | undefined;
    for (; to > from; to -= 1) {
      id = vocabulary[(from === 0 ? '' : '##') + word.slice(from, to)];
      if (id !== undefined) break;
    }
    if (id === undefined) return undefined;
    pieces.push(id);
    from = to;
  }
  return pieces;
}
