import { formatTable } from '../output/table.ts';
import { countFindings, type VerifyFinding, type VerifyReport } from './report.ts';

const marks = { ok: '✓', wrong: '✗', 'not-run': '-' } as const;

/** A line for everything that was looked at, then the facts of what is wrong, then what was not run, and the verdict. */
export function verifyAnswer(options: { report: VerifyReport; columns: number }): {
  data: unknown;
  text: () => string;
} {
  const { report, columns } = options;
  const { subject, commit, findings, images } = report;
  const counts = countFindings(report);
  return {
    data: {
      subject,
      commit,
      verified: counts.wrong === 0,
      counts: { ok: counts.ok, wrong: counts.wrong, notRun: counts['not-run'] },
      findings,
      images,
    },
    text: () => {
      const lines = linesOf(report);
      const checked = lines.filter(({ finding }) => finding.kind !== 'not-run');
      const table = formatTable({
        headings: ['', 'IMAGE', 'CHECK', 'RESULT'],
        rows: checked.map(({ name, finding }) => [marks[finding.kind], name, finding.about, finding.message]),
        columns,
      });
      const wrong = lines.filter(({ finding }) => finding.kind === 'wrong' && finding.detail !== undefined);
      const notRun = lines.filter(({ finding }) => finding.kind === 'not-run');
      return [
        ...(checked.length === 0 ? [] : [table]),
        ...wrong.map(({ name, finding }) =>
          [
            `${[name, finding.about].filter((part) => part !== '').join(' ')}:`,
            ...(finding.detail ?? []),
          ].join('\n  '),
        ),
        ...(notRun.length === 0 ? [] : [notRun.map(notRunLine).join('\n')]),
        verdict(report),
      ].join('\n\n');
    },
  };
}

type Line = { name: string; finding: VerifyFinding };

function linesOf({ findings, images }: VerifyReport): readonly Line[] {
  return [
    ...findings.map((finding) => ({ name: '', finding })),
    ...images.flatMap((image) =>
      image.findings.map((finding) => ({ name: image.role ?? image.image, finding })),
    ),
  ];
}

function notRunLine({ name, finding }: Line): string {
  const detail = finding.detail === undefined ? '' : ` (${finding.detail.join('; ')})`;
  return `not run: ${name === '' ? '' : `${name}: `}${finding.message}${detail}`;
}

function verdict(report: VerifyReport): string {
  const { ok, wrong, 'not-run': notRun } = countFindings(report);
  const all = ok + wrong;
  const left = notRun === 0 ? '' : ` ${notRun} ${notRun === 1 ? 'was' : 'were'} not run.`;
  return wrong === 0
    ? `${report.subject} is correct: ${all} checks passed.${left}`
    : `${report.subject} is not correct: ${wrong} of ${all} checks failed.${left}`;
}
