import type { DriftFound } from '../../app/drift.ts';
import type { Author, Drift, Remedy } from '../../core/drift.ts';
import { nameOf } from '../../core/resource.ts';
import { formatTable } from '../output/table.ts';

/** A table of what was changed, then what could not be compared, then what puts it right. */
export function driftText(options: { found: DriftFound; columns: number }): string {
  const { drift, unknown } = options.found;
  const rows = drift.map(({ on, what, before, now, by }) => [on, what, `${before} → ${now}`, authorText(by)]);
  const headings = ['ON', 'WHAT', 'BEFORE → NOW', 'BY'];
  return [
    drift.length === 0
      ? 'Nothing was changed by hand.'
      : formatTable({ headings, rows, columns: options.columns }),
    ...unknown.map(({ on, because }) => `${on} cannot be compared as a whole: ${because}.`),
    ...remedies(drift),
  ].join('\n');
}

/** `unknown (update at 2026-01-02 03:04:05 UTC)`: the Engine keeps what was done, and not by whom. */
export function authorText({ who = 'unknown', did, at }: Author): string {
  const time = at === undefined ? undefined : `${at.slice(0, 19).replace('T', ' ')} UTC`;
  const known = [did, time].filter((part) => part !== undefined).join(' at ');
  return known === '' ? who : `${who} (${known})`;
}

function remedies(drift: readonly Drift[]): readonly string[] {
  const of = (remedy: Remedy): readonly Drift[] => drift.filter((one) => one.remedy === remedy);
  const rolesOf = (remedy: Remedy): string =>
    [...new Set(of(remedy).flatMap(({ role }) => role ?? []))].join(' ');
  const namesOf = (remedy: Remedy): string => [...new Set(of(remedy).map(({ on }) => nameOf(on)))].join(' ');
  const lines: Record<Remedy, string> = {
    stranger: 'arc does not change what others created: remove or disconnect it yourself.',
    file: `An edit is kept, and \`arc up\` passes it on to the containers; to undo it, remove ${namesOf('file')}, then \`arc up\`.`,
    recreate: `\`arc up\` keeps a container that was changed like that; \`arc restart --recreate ${rolesOf('recreate')}\` recreates it and keeps its data.`,
    up: `\`${`arc up ${rolesOf('up')}`.trim()}\` undoes ${of('up').length < drift.length ? 'the other changes' : 'the change'}.`,
  };
  const order: readonly Remedy[] = ['stranger', 'file', 'recreate', 'up'];
  return order.filter((remedy) => of(remedy).length > 0).map((remedy) => lines[remedy]);
}
