import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import { decodeText, withUnixLineEnds } from '../core/text.ts';
import type { Artefact } from '../render/artefact.ts';
import { isPrivate } from '../render/config.ts';
import { isIntact } from '../render/header.ts';
import { inside, makeFolder, prepareArcFolder, readBytesIfThere, replaceFile } from './files.ts';
import { findStale, type KnownFiles } from './stale.ts';

/** What writing a generated file would do. A file that arc did not write at all counts as `edited-by-hand`. */
export type WriteState = 'unchanged' | 'created' | 'changed' | 'edited-by-hand';

export type PlannedWrite = {
  /** Relative to the workspace. */
  path: string;
  text: string;
  /** The existing text with Unix line endings; undefined if there is no file. */
  before: string | undefined;
  /** The file has Windows line endings. They are not a difference, but no container may get them. */
  hasWindowsLineEnds: boolean;
  state: WriteState;
  /** Unified diff from what is there to what should be; empty if nothing changes, or the file may hold secrets. */
  diff: string;
  /** Why an edited file's contents are unknown: it is not text in UTF-8. */
  problem?: Problem;
};

export type WritePlan = {
  files: readonly PlannedWrite[];
  /** Files that arc generated once and would not any more: their service or container is gone. */
  stale: readonly string[];
};

/**
 * Compares generated files with what is on disk. Reads only.
 *
 * @param options.root absolute path of the workspace
 * @param options.staleIn folders, relative to the workspace, that are searched for stale files; give them only
 *   together with everything that is generated
 * @param options.known what was read of the workspace just now, by path; it is not read again
 * @throws ArcError `cannot-read` (exit status 1), `path-outside` (exit status 2)
 */
export async function planWrites(options: {
  root: string;
  artefacts: readonly Artefact[];
  staleIn?: readonly string[];
  known?: KnownFiles;
}): Promise<WritePlan> {
  const { root, artefacts, staleIn = [], known = new Map() } = options;
  return {
    files: artefacts.map((artefact) => planWrite({ root, artefact, known })),
    stale: findStale({ root, folders: staleIn, current: new Set(artefacts.map(({ path }) => path)), known }),
  };
}

/** True where writing would change nothing. */
export function isUpToDate(plan: WritePlan): boolean {
  return plan.stale.length === 0 && plan.files.every(({ state }) => state === 'unchanged');
}

/**
 * Writes what a plan found to be missing or out of date. Stale files are left for the caller to report.
 *
 * @param options.force also overwrite files that were edited by hand; without, one of them stops everything
 * @returns the paths that were written
 * @throws ArcError `edited-by-hand` (exit status 2) with one problem a file, before anything is written;
 *   `cannot-write` (exit status 1)
 */
export async function applyWrites(options: {
  root: string;
  plan: WritePlan;
  force: boolean;
}): Promise<readonly string[]> {
  const { root, plan, force } = options;
  if (!force) refuseEdited(plan);
  const writes = plan.files.filter(({ state }) => state !== 'unchanged');
  if (writes.some(({ path }) => isPrivate(path))) prepareArcFolder(root);
  for (const file of writes) write({ root, file });
  return writes.map(({ path }) => path);
}

function planWrite(options: { root: string; artefact: Artefact; known: KnownFiles }): PlannedWrite {
  const { path, text, exact } = options.artefact;
  if (exact) return planExact(options);
  const known = options.known.get(path);
  const content = typeof known === 'string' ? known : readBytesIfThere(inside(options.root, path));
  const onDisk = content?.toString();
  const before = onDisk === undefined ? undefined : withUnixLineEnds(onDisk);
  const state = stateOf(before, text);
  const hidden = state === 'unchanged' || isPrivate(path);
  const hasWindowsLineEnds = before !== onDisk;
  const diff = hidden ? '' : unifiedDiff({ path, before, text });
  const read =
    content === undefined || state !== 'edited-by-hand' ? undefined : decodeText({ file: path, content });
  return {
    path,
    text,
    before,
    hasWindowsLineEnds,
    state,
    diff,
    ...(read !== undefined && 'problem' in read ? { problem: read.problem } : {}),
  };
}

/** A file that contains only a secret: copied byte for byte, and never shown. A changed one is not an edit. */
function planExact(options: { root: string; artefact: Artefact }): PlannedWrite {
  const { path, text } = options.artefact;
  const before = readBytesIfThere(inside(options.root, path))?.toString();
  const state = before === undefined ? 'created' : before === text ? 'unchanged' : 'changed';
  return { path, text, before, hasWindowsLineEnds: false, state, diff: '' };
}

function stateOf(before: string | undefined, text: string): WriteState {
  if (before === undefined) return 'created';
  if (before === text) return 'unchanged';
  // A full disk or an interrupted checkout leaves such a file: it is not an edit, and not a config file.
  if (before.trim() === '') return 'changed';
  return isIntact(before) ? 'changed' : 'edited-by-hand';
}

function unifiedDiff(options: { path: string; before: string | undefined; text: string }): string {
  const { path, before, text } = options;
  if (before === undefined) return allNew({ path, text });
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, text, undefined, undefined, {
    context: 3,
  });
  // The first line is a ruler, which other tools do not print.
  return patch.slice(patch.indexOf('\n') + 1);
}

/** The diff of a file that is not there yet: every line of it, which takes no search for what is common. */
function allNew(options: { path: string; text: string }): string {
  const lines = options.text.replace(/\n$/, '').split('\n');
  return `--- /dev/null\n+++ b/${options.path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`;
}

function refuseEdited(plan: WritePlan): void {
  const problems = plan.files
    .filter(({ state }) => state === 'edited-by-hand')
    .map(
      ({ path }): Problem => ({
        code: 'edited-by-hand',
        message: `${path} is generated, and was edited by hand; it is not overwritten.`,
        suggestion:
          'look at `arc generate --check`, move the change to the manifest or template, then `arc generate --force`',
      }),
    );
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}

/**
 * Gives files on disk the line ends of Unix, whatever else is in them.
 * @throws ArcError `cannot-write`
 */
export function repairLineEnds(options: { root: string; files: readonly PlannedWrite[] }): void {
  for (const { path, before, hasWindowsLineEnds } of options.files)
    if (before !== undefined && hasWindowsLineEnds)
      replaceFile({ path: inside(options.root, path), text: before, mode: 0o644 });
}

/** `.arc/config/<service>` */
const privateDepth = 3;

function write(options: { root: string; file: PlannedWrite }): void {
  const { root, file } = options;
  const path = inside(root, file.path);
  if (isPrivate(file.path)) {
    // The service's folder is closed to other users of this machine. A mount does not pass it; but a folder below it is
    // mounted itself, and the container's user has to get into that.
    const closed = inside(root, file.path.split('/').slice(0, privateDepth).join('/'));
    makeFolder(closed);
    chmodSync(closed, 0o700);
    for (let folder = dirname(path); folder !== closed; folder = dirname(folder)) {
      makeFolder(folder);
      chmodSync(folder, 0o755);
    }
  }
  // A container reads it as another user than the one who writes it.
  replaceFile({ path, text: file.text, mode: 0o644 });
}
