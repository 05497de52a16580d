import type { Problem } from '../core/errors.ts';

/** Problems without those that say the same of the same place: flavours of a container share what they leave as it is. */
export function eachOnce(problems: readonly Problem[]): readonly Problem[] {
  const told = new Set<string>();
  return problems.filter(({ code, message, location }) => {
    const key = `${code} ${location?.file}:${location?.line}:${location?.column} ${message}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}
