import type { Context } from './context.ts';
import type { Preview } from './preview.ts';

/** Emits the warnings of a preview, each once. */
export function tell(options: { context: Context; seen: Preview; told: Set<string> }): void {
  for (const problem of options.seen.warnings) {
    const key = `${problem.code} ${problem.message}`;
    if (!options.told.has(key)) options.context.emit({ type: 'warning', problem });
    options.told.add(key);
  }
}
