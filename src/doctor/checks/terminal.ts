import { isUnicode } from '../../host/locale.ts';
import { type Check, ok, warning } from '../check.ts';

/** Narrower than this, hardly a table fits. */
const comfortableColumns = 60;

export const terminalCheck: Check = {
  id: 'terminal',
  examine: async ({ columns, environment }) => {
    const unicode = isUnicode(environment);
    const findings = [
      ...(columns < comfortableColumns
        ? warning({
            code: 'narrow-terminal',
            message: `The terminal is ${columns} columns wide.`,
            suggestion: `tables that do not fit are shown as blocks; ${comfortableColumns} or more are better`,
          })
        : []),
      ...(unicode
        ? []
        : warning({
            code: 'no-locale',
            message: 'No UTF-8 locale is set, so signs and lines may look wrong.',
            suggestion: 'export LANG=C.UTF-8',
          })),
    ];
    return findings.length > 0 ? findings : ok(`${describe(columns)}, UTF-8`);
  },
};

function describe(columns: number): string {
  return Number.isFinite(columns) ? `terminal of ${columns} columns` : 'no terminal';
}
