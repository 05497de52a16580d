import type { Fields } from '../data.ts';
import { origin } from '../socket-address.ts';
import { ask } from './ask.ts';
import { httpText } from './http-text.ts';
import type { ProbeKind } from './probe.ts';

/** Reads counters of a program's metrics page, and says each sum in words: `0 lines lost, 3 spans lost`. */
export const countsProbe: ProbeKind = {
  kind: 'counts',
  ask: ({ fields, address, timeoutMilliseconds, signal }) =>
    ask({
      question: `GET ${origin(address)}/metrics`,
      timeoutMilliseconds,
      signal,
      run: async (over) => {
        const { status, text } = await httpText({ address, path: '/metrics', signal: over });
        if (status !== 200) return { ok: false, came: `${status}, expected 200` };
        const said = countsOf(fields).map(({ what, names }) => `${sumOf({ text, names })} ${what}`);
        return { ok: true, came: `${said.join(', ')} since it started` };
      },
    }),
};

/**
 * The sum of all series of some counters in Prometheus' text format. A counter that is not there has counted nothing.
 *
 * @throws Error with the line whose value is not a number
 */
export function sumOf(options: { text: string; names: readonly string[] }): number {
  const { text, names } = options;
  return text
    .split('\n')
    .filter((line) => names.includes(/^[\w:]+/.exec(line)?.[0] ?? ''))
    .map((line) => {
      const [, value = ''] = /^[\w:]+(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
      const number = Number(value);
      if (value === '' || Number.isNaN(number)) throw new Error(`not a sample: ${line.slice(0, 200)}`);
      return number;
    })
    .reduce((sum, value) => sum + value, 0);
}

function countsOf({ counts }: Fields): readonly { what: string; names: readonly string[] }[] {
  const isMapping = typeof counts === 'object' && counts !== null && !Array.isArray(counts);
  if (!isMapping) throw new Error('the field counts is not a mapping, although its schema says so');
  return Object.entries(counts).map(([what, names]) => ({
    what,
    names: Array.isArray(names) ? names.map(String) : [],
  }));
}
