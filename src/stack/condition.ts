import type { ResolvedSetting } from './model.ts';

/** Whether every setting that a `when` names has the value that it names. */
export function holds(options: {
  when: Readonly<Record<string, string>>;
  settings: Readonly<Record<string, ResolvedSetting>>;
}): boolean {
  return Object.entries(options.when).every(([name, value]) => options.settings[name]?.value === value);
}
