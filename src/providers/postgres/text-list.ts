import type { ResolvedData } from '../../core/data.ts';

/** The texts of a field that its schema says is a list of texts. */
export function textList(value: ResolvedData | undefined): readonly string[] {
  const items: readonly ResolvedData[] = Array.isArray(value) ? value : [];
  return items.filter((item) => typeof item === 'string');
}
