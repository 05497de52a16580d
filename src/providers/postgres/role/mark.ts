import type { RoleMark } from './model.ts';

// It stands in the role's comment, because roles are in no database: whoever dumps the roles takes it along.
const begin = 'arc: ';

/** The mark that a role's comment is, if arc wrote it. */
export function readMark(comment: string | null): RoleMark | undefined {
  if (comment?.startsWith(begin) !== true) return undefined;
  try {
    const found: unknown = JSON.parse(comment.slice(begin.length));
    return isMark(found) ? found : undefined;
  } catch {
    // Somebody's own comment.
    return undefined;
  }
}

export function markText({ project, origin, applied }: RoleMark): string {
  return `${begin}${JSON.stringify({ project, origin, applied })}`;
}

function isMark(value: unknown): value is RoleMark {
  if (typeof value !== 'object' || value === null) return false;
  const { project, origin, applied } = value as Partial<Record<keyof RoleMark, unknown>>;
  return (
    typeof project === 'string' &&
    (origin === 'made' || origin === 'found') &&
    typeof applied === 'object' &&
    applied !== null &&
    Object.values(applied).every((text) => typeof text === 'string')
  );
}
