import { findProgram } from '../../src/host/system.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What a skipped test would need. */
    needs?: string;
  }
}

/** `root`, `linux`, or the name of a program. */
type Need = 'root' | 'linux' | (string & {});

/**
 * Options for `describe`, `it` and `test` that skip them where the machine lacks something. A skipped test is counted
 * with the reason; where `CI=true`, it is a failure unless tests/allowed-skips.ts names it.
 *
 * @returns `skip` says also to a hook whether there is anything to prepare
 */
export function needs(...wanted: readonly Need[]): { skip: boolean; meta: { needs?: string } } {
  const missing = wanted.filter((need) => !has(need));
  return missing.length === 0
    ? { skip: false, meta: {} }
    : { skip: true, meta: { needs: missing.join(', ') } };
}

function has(need: Need): boolean {
  switch (need) {
    case 'root':
      return process.getuid?.() === 0;
    case 'linux':
      return process.platform === 'linux';
    default:
      return findProgram(need, process.env) !== undefined;
  }
}
