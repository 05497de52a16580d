import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Author, Drift } from '../core/drift.ts';
import { addressOf } from '../core/resource.ts';
import { inside } from './files.ts';
import type { PlannedWrite } from './write.ts';

/**
 * Config files that a person edited or removed, with the file's owner and the time of its last change. A file that is
 * out of date because a template changed is not an edit: `arc plan` shows it.
 *
 * @param options.files all that the containers which are there may mount
 * @param options.mounted those that they were made with, by path, with the role that mounts them
 */
export function editedConfig(options: {
  root: string;
  files: readonly PlannedWrite[];
  mounted: ReadonlyMap<string, string>;
}): readonly Drift[] {
  const { root, files, mounted } = options;
  return files.flatMap(({ path, state }): readonly Drift[] => {
    const role = mounted.get(path);
    const about = {
      ...{ on: addressOf('file', path), what: 'content', before: 'as generated' },
      ...(role === undefined ? {} : { role }),
    };
    if (state === 'edited-by-hand')
      return [{ ...about, now: 'edited', by: authorOfFile(inside(root, path)), remedy: 'file' }];
    return state === 'created' && role !== undefined
      ? [{ ...about, now: 'removed', by: {}, remedy: 'up' }]
      : [];
  });
}

function authorOfFile(path: string): Author {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return {};
  const { uid, mtime } = found;
  const me = userInfo();
  return { who: uid === me.uid ? me.username : `user ${uid}`, at: mtime.toISOString() };
}
