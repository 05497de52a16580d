import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './run-arc.ts';

/**
 * Everything that tests make on the Engine has this project's label, so that what a killed run left behind is
 * known for what it is, and a developer's own stack is never taken for it.
 */
export const testProject = 'arc-e2e';

/** A copy of this repository's manifests in a folder of its own. */
export type TestWorkspace = {
  root: string;
  path: (...parts: string[]) => string;
  read: (file: string) => string;
  write: (file: string, text: string) => void;
  /** Replaces text that must be there. */
  edit: (file: string, from: string, to: string) => void;
  remove: () => void;
};

/** @param options.settings values for `settings` in arc.yaml, for example `{ media: 'mux' }` */
export function makeWorkspace(options: { settings?: Readonly<Record<string, string>> } = {}): TestWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'arc-e2e-'));
  const path = (...parts: string[]): string => join(root, ...parts);
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  const write = (file: string, text: string): void => writeFileSync(path(file), text);
  const edit = (file: string, from: string, to: string): void => {
    const text = read(file);
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" to replace`);
    write(
      file,
      text.replace(from, () => to),
    );
  };
  cpSync(join(repository, 'services'), path('services'), { recursive: true });
  cpSync(join(repository, 'contracts'), path('contracts'), { recursive: true });
  cpSync(join(repository, 'arc.yaml'), path('arc.yaml'));
  edit('arc.yaml', 'project: arc\n', `project: ${testProject}\n`);
  const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `  ${name}: ${value}\n`);
  if (settings.length > 0) write('arc.yaml', `${read('arc.yaml')}settings:\n${settings.join('')}`);
  return { root, path, read, write, edit, remove: () => rmSync(root, { recursive: true, force: true }) };
}
