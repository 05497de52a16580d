import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../events/events.ts';
import type { Embed } from '../understand.ts';
import { type Passage, passagesOf } from './passages.ts';
import { vectorsOf } from './vectors.ts';

/** What the documentation says: a sentence and the title of its page; or why there is none. */
export type DocsFound =
  | { kind: 'found'; page: string; sentence: string; likeness: number }
  | { kind: 'nothing' }
  /** The vectors of its passages are being made. */
  | { kind: 'reading' };

export type DocsSearch = {
  /** @throws Error where the embedder is away */
  search(question: string, signal: AbortSignal): Promise<DocsFound>;
  /** Makes the vectors of the passages, in the background of a start. @throws Error where the embedder is away */
  prepare(): Promise<void>;
};

/**
 * How like a question a passage and its sentence have to be in meaning, on average. Source:
 * `node scripts/measure/docs-search.ts`, of 20 questions that the pages answer and 20 about something else.
 */
const likeEnough = 0.4;

/** How long an answer waits for vectors. */
const soonMs = 300;

/** How many passages are looked into: a heading says what a passage is about, and not which sentence answers. */
const mostPassages = 8;

/**
 * Searches the pages that were packed into the image.
 *
 * @param options.pages folder of Markdown files
 * @param options.folder where vectors are kept
 */
export function docsSearch(options: {
  pages: string;
  folder: string;
  embed: Embed;
  pause: (milliseconds: number) => Promise<void>;
  log: Log;
}): DocsSearch {
  const { pages, embed, pause } = options;
  let ready: { passages: readonly Passage[]; vectors: readonly Float32Array[] } | undefined;
  let preparing: Promise<void> | undefined;

  async function prepare(): Promise<void> {
    const passages = await passagesIn(pages);
    const vectors = await vectorsOf({ ...options, texts: passages.map(({ text }) => text) });
    ready = { passages, vectors };
  }
  const prepareOnce = (): Promise<void> => {
    preparing ??= prepare().finally(() => {
      // Where the embedder was away, the next call tries again.
      preparing = undefined;
    });
    return preparing;
  };

  return {
    prepare: async () => (ready === undefined ? await prepareOnce() : undefined),
    search: async (question, signal) => {
      const [asked] = await embed([question], signal);
      if (asked === undefined) throw new Error('the embedder gave nothing');
      // Vectors that are kept are there in a moment.
      if (ready === undefined) await Promise.race([prepareOnce().catch(() => undefined), pause(soonMs)]);
      if (ready === undefined) return { kind: 'reading' };
      const { passages, vectors } = ready;
      const candidates = vectors
        .map((vector, index) => ({ passage: passages[index], likeness: product(vector, asked) }))
        .toSorted((one, other) => other.likeness - one.likeness)
        .slice(0, mostPassages)
        .flatMap(({ passage, likeness }) =>
          (passage?.sentences ?? []).map((sentence) => ({ page: passage?.page ?? '', sentence, likeness })),
        );
      if (candidates.length === 0) return { kind: 'nothing' };
      const sentences = await embed(
        candidates.map(({ sentence }) => sentence),
        signal,
      );
      const [best] = candidates
        .map(({ page, sentence, likeness }, index) => {
          const own = product(sentences[index] ?? new Float32Array(), asked);
          return { kind: 'found' as const, page, sentence, likeness: (likeness + own) / 2 };
        })
        .toSorted((one, other) => other.likeness - one.likeness);
      return best === undefined || best.likeness < likeEnough ? { kind: 'nothing' } : best;
    },
  };
}

async function passagesIn(folder: string): Promise<readonly Passage[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const pages = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return pages.flatMap(passagesOf);
}

/** Vectors have the length 1, so this is the cosine. */
function product(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}
