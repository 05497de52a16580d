import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bounds, partNames } from '../bench/bounds.ts';
import { amountRow, type Report, type Row, ratioRow, secondsRow, streamsRow } from '../bench/report.ts';
import { repository } from '../support/run-arc.ts';

const boots = ['range', 'mux', 'reason'];

describe.each([
  { file: 'docs/bench.json', parts: partNames, engine: /^20\.10\./ },
  { file: 'docs/bench-engine-29.json', parts: boots, engine: /^29\./ },
])('$file', ({ file, parts, engine }) => {
  const report = JSON.parse(readFileSync(join(repository, file), 'utf8')) as Report;
  const boundOf = (row: Row): readonly [string, number][] =>
    'bound' in row ? [[row.figure, row.bound]] : [];

  it('is one whole run, on the Engine that README says', () => {
    expect(report.parts.map(({ name }) => name)).toEqual(parts);
    expect(report.engine.version).toMatch(engine);
    expect(report.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(new Date(report.date).toISOString()).toBe(report.date);
    expect(report.seconds).toBeGreaterThan(0);
  });

  it.each(report.parts)('has the figures and bounds of today, or a reason: $name', (part) => {
    const wanted = bounds[part.name as keyof typeof bounds];
    if (part.notMeasured === undefined)
      expect(Object.fromEntries(part.rows.flatMap(boundOf))).toEqual(wanted);
    else expect(part.notMeasured).not.toBe('');
  });

  it.each(report.parts)('has verdicts that follow from its numbers: $name', ({ rows }) => {
    for (const row of rows) {
      if (row.kind === 'ratio') expect(row).toEqual(ratioRow(row));
      if (row.kind === 'seconds') expect(row).toEqual(secondsRow(row));
      if (row.kind === 'amount') expect(row).toEqual(amountRow(row));
      if (row.kind === 'streams') expect(row).toEqual(streamsRow(row));
    }
  });
});
