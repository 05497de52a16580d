import type { ChalkInstance } from 'chalk';
import { wrap } from '../../core/wrap.ts';
import type { CheckedFinding } from '../../doctor/examine.ts';

/** The answer of `arc doctor --json`. */
export type DoctorReport = {
  /** Nothing is missing; there may be warnings. */
  ready: boolean;
  findings: readonly ReportedFinding[];
};

export type ReportedFinding = {
  /** The check: `engine`, `ports`, `memory` … */
  check: string;
  state: 'ok' | 'skipped' | 'warning' | 'missing';
  /** One sentence. */
  message: string;
  /** With `warning` and `missing`: a code of docs/troubleshooting.md. */
  code?: string;
  detail?: readonly string[];
  suggestion?: string;
  /** `arc doctor --fix` can do something about it. */
  repairable?: boolean;
};

export function doctorReport(findings: readonly CheckedFinding[]): DoctorReport {
  return {
    ready: findings.every(({ state }) => state !== 'missing'),
    findings: findings.map((finding) => {
      const { check, state } = finding;
      if (!('problem' in finding)) return { check, state, message: finding.summary };
      const { code, message, detail, suggestion } = finding.problem;
      return {
        check,
        state,
        message,
        code,
        ...(detail ? { detail } : {}),
        ...(suggestion === undefined ? {} : { suggestion }),
        repairable: finding.repair !== undefined,
      };
    }),
  };
}

const marks = { ok: '✓', skipped: '-', warning: '!', missing: '✗' } as const;

/**
 * One line per finding: the state, and what to do. A line that is wider than the terminal continues below, indented.
 * Details follow everything that is missing.
 *
 * @param options.columns width of the terminal
 */
export function formatReport(options: {
  report: DoctorReport;
  columns: number;
  chalk: ChalkInstance;
}): string {
  const { report, columns, chalk } = options;
  const paint = { ok: chalk.green, skipped: chalk.dim, warning: chalk.yellow, missing: chalk.red };
  const lines = report.findings.flatMap(({ state, message, suggestion, detail }) => {
    const text = suggestion === undefined ? message : `${message} → ${suggestion}`;
    return [
      ...wrap(`${paint[state](marks[state])} ${text}`, columns, '  '),
      ...(state === 'missing' ? (detail ?? []) : []).flatMap((line) =>
        wrap(chalk.dim(`    ${line}`), columns, '    '),
      ),
    ];
  });
  return [...lines, ...wrap(verdict(report), columns, '')].join('\n');
}

function verdict({ findings, ready }: DoctorReport): string {
  const count = (state: ReportedFinding['state']) =>
    findings.filter((finding) => finding.state === state).length;
  const [missing, warnings] = [count('missing'), count('warning')];
  const say = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  if (!ready) {
    const repairable = findings.some(({ state, repairable }) => state === 'missing' && repairable);
    return `${say(missing, 'problem')}, ${say(warnings, 'warning')}${repairable ? '; arc doctor --fix can repair some of them' : ''}`;
  }
  return warnings === 0 ? 'All is well.' : `Ready, with ${say(warnings, 'warning')}.`;
}
