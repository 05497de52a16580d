import { rmSync } from 'node:fs';
import { failed } from '../core/errors.ts';
import type { EventSink } from '../core/event.ts';
import { Secret } from '../core/secret.ts';
import { runtimeConfig } from '../render/config.ts';
import { renderedFolder } from '../stack/folders.ts';
import type { BootableStack, FileContent } from '../stack/model.ts';

import { throwIfAny } from '../stack/problems.ts';
import { inside, reason } from './files.ts';
import { findStale } from './stale.ts';
import { applyWrites, type PlannedWrite, planWrites, repairLineEnds } from './write.ts';

/**
 * The config files that a stack mounts, and what is on disk of them.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError (exit status 2) if one that a person edited is not text in UTF-8: what it says is not known then
 */
export async function planRuntimeConfig(options: {
  root: string;
  stack: BootableStack;
}): Promise<readonly PlannedWrite[]> {
  const { root, stack } = options;
  const { files } = await planWrites({ root, artefacts: runtimeConfig(stack) });
  throwIfAny(files.flatMap(({ problem }) => problem ?? []));
  return files;
}

/**
 * A stack with edited config files as they are on disk: containers get those, and are compared with them. Otherwise an
 * edit would have no effect until something else recreated the container.
 */
export function asEdited(options: { stack: BootableStack; files: readonly PlannedWrite[] }): BootableStack {
  const { stack, files } = options;
  const edits = new Map(edited(files).map(({ path, before }) => [path, before]));
  if (edits.size === 0) return stack;
  const withEdit = <File extends { file: string; content: FileContent }>(file: File): File => {
    const text = edits.get(file.file);
    return text === undefined ? file : { ...file, content: new Secret(text) };
  };
  const containers = stack.containers.map((container) => ({
    ...container,
    config: container.config.map(withEdit),
    folders: container.folders.map((folder) => ({ ...folder, files: folder.files.map(withEdit) })),
  }));
  return { ...stack, containers };
}

/** Warns about edited config files; they stay as they are, as with Docker Compose. */
export function warnOfEdits(options: { files: readonly PlannedWrite[]; emit: EventSink }): void {
  for (const { path } of edited(options.files)) {
    options.emit({
      type: 'warning',
      problem: {
        code: 'edited-by-hand',
        message: `${path} was edited by hand; its containers get it as it is.`,
        suggestion: 'to keep the change, move it to the template of the file, then `arc generate --force`',
      },
    });
  }
}

/**
 * Puts the config files that a stack mounts on disk, but for those that a person edited: they keep what they say, and
 * get the line ends that containers expect.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-write`
 */
export async function writeRuntimeConfig(options: {
  root: string;
  files: readonly PlannedWrite[];
}): Promise<void> {
  const { root, files } = options;
  repairLineEnds({ root, files });
  const plan = { files: files.filter(({ state }) => state !== 'edited-by-hand'), stale: [] };
  await applyWrites({ root, plan, force: false });
}

/**
 * What is left of templates that are gone, in folders that are mounted as a whole: a program would go on reading it.
 *
 * @param options.files all that the stack mounts
 * @returns paths relative to the workspace
 */
export function findLeftRendered(options: {
  root: string;
  files: readonly PlannedWrite[];
}): readonly string[] {
  const { root } = options;
  const current = new Set(options.files.map(({ path }) => path));
  const folders = [...current].flatMap(
    (path) => new RegExp(`^.+/${renderedFolder}/[^/]+`).exec(path)?.[0] ?? [],
  );
  return findStale({ root, folders: [...new Set(folders)], current, known: new Map() });
}

/**
 * Removes a rendered file. One that somebody else has removed meanwhile is gone all the same.
 *
 * @throws ArcError `cannot-write`
 */
export function removeRendered({ root, path }: { root: string; path: string }): void {
  try {
    rmSync(inside(root, path), { force: true });
  } catch (error) {
    throw failed({ code: 'cannot-write', message: `${path} could not be removed: ${reason(error)}.` }, error);
  }
}

function edited(files: readonly PlannedWrite[]): readonly PlannedWrite[] {
  return files.filter(({ state }) => state === 'edited-by-hand');
}
