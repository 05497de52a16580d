import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, invalid } from '../../core/errors.ts';
import type { FixedDocumentationStep } from './fixed-step.ts';
import { pathIn, type RecipeKind } from './kind.ts';

/** Pages of arc's documentation, which come with arc: a workspace's own folder `docs` has nothing to do with them. */
export const documentation: RecipeKind<FixedDocumentationStep> = {
  describe: ({ pages }) => `${pages.length} ${pages.length === 1 ? 'page' : 'pages'} of arc's documentation`,
  contribute: async ({ source, pages, target, contents }, { work }) => {
    const root = join(work, 'root');
    const folder = pathIn(root, target);
    await mkdir(folder, { recursive: true });
    const texts = await readPages({ source, pages });
    if (digestOf(texts) !== contents)
      throw failed({
        code: 'recipe-step-failed',
        message: 'The documentation changed while it was read.',
        suggestion: 'run it again',
      });
    for (const [page, text] of texts) await writeFile(join(folder, `${page}.md`), text);
    return [{ kind: 'folder', path: root }];
  },
};

/**
 * The `sha256` in hex of pages, in the order of their names.
 *
 * @throws ArcError (exit status 2) `recipe-folder` where a page does not exist
 */
export async function digestOfPages(options: { source: string; pages: readonly string[] }): Promise<string> {
  return digestOf(await readPages(options));
}

function digestOf(pages: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [page, text] of pages) hash.update(`${JSON.stringify([page, text.length])}\n`).update(text);
  return hash.digest('hex');
}

async function readPages(options: {
  source: string;
  pages: readonly string[];
}): Promise<ReadonlyMap<string, Buffer>> {
  const { source, pages } = options;
  const found = new Map<string, Buffer>();
  for (const page of pages.toSorted()) found.set(page, await readPage({ source, page }));
  return found;
}

async function readPage(options: { source: string; page: string }): Promise<Buffer> {
  const { source, page } = options;
  try {
    return await readFile(join(source, `${page}.md`));
  } catch (cause) {
    throw invalid(
      { code: 'recipe-folder', message: `arc's documentation has no page ${page}, which a recipe names.` },
      cause,
    );
  }
}
