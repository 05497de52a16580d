import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './run-arc.ts';

/** A page that people read, with the places in it that tests look at. */
export type Page = {
  /** Relative to the repository. */
  path: string;
  text: string;
  /** The text without what stands between code fences. */
  prose: string;
  /** The blocks between code fences, with what is said of them: `sh`, or `yaml services/echo/service.yaml`. */
  blocks: readonly { info: string; text: string }[];
};

/** Every page of the repository. */
export function readPages(): readonly Page[] {
  const docs = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)].map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(join(repository, path), 'utf8');
  const fence = /^```(.*)\n([\s\S]*?)^```$/gm;
  return {
    path,
    text,
    prose: text.replaceAll(fence, ''),
    blocks: Array.from(text.matchAll(fence), ([, info = '', block = '']) => ({ info, text: block })),
  };
}

/** What stands between backquotes outside of code blocks. */
export function codeSpans(page: Page): readonly string[] {
  return Array.from(page.prose.matchAll(/`([^`\n]+)`/g), ([, span = '']) => span);
}

/** The sources of arc, tests and what only they use left out. */
export function sourceFiles(): readonly { path: string; text: string }[] {
  const source = join(repository, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => ({ path: `src/${name}`, text: readFileSync(join(source, name), 'utf8') }));
}
