import { ageText } from '../../core/age.ts';
import { flavourNotes, leftOutNotes, withNotes } from '../flavour-notes.ts';
import { formatElapsed } from '../output/renderer.ts';
import { formatTable } from '../output/table.ts';
import type { HealthReport } from './examine.ts';
import type { CheckHealth } from './make-check.ts';

const marks = { ok: '✓', warning: '!', failed: '✗', skipped: '-', unknown: '?' } as const;

/** A health report for people: one line a container, one line a check, and the verdict. */
export function healthText(options: { report: HealthReport; columns: number }): string {
  const { report, columns } = options;
  const time = (milliseconds: number): string => (milliseconds === 0 ? '' : formatElapsed(milliseconds));
  const containers = formatTable({
    headings: ['', 'CONTAINER', 'STATE', 'TIME', 'ANSWER'],
    rows: report.containers.map(({ ok, name, state, milliseconds, ...answer }) => [
      ok ? marks.ok : marks.failed,
      name,
      state,
      time(milliseconds),
      answerText(answer),
    ]),
    columns,
  });
  const checks = formatTable({
    headings: ['', 'CHECK', 'TIME', 'ANSWER'],
    rows: report.checks.map(({ outcome, service, name, milliseconds, ageMilliseconds, ...answer }) => [
      marks[outcome],
      `${service} ${name}`,
      time(milliseconds),
      `${answerText(answer)}${ageMilliseconds === undefined ? '' : ` (${ageText(ageMilliseconds)} ago)`}`,
    ]),
    columns,
  });
  const notes = [
    ...engineNotes(report),
    ...flavourNotes(report.containers),
    ...leftOutNotes(report.leftOut),
    ...(report.healthy ? [] : changeNotes(report)),
  ];
  return [
    withNotes(containers, notes),
    ...(report.checks.length === 0 ? [] : [checks]),
    verdict(report),
  ].join('\n\n');
}

function verdict({ healthy, containers, checks }: HealthReport): string {
  const count = (wanted: CheckHealth['outcome']): number =>
    checks.filter(({ outcome }) => outcome === wanted).length;
  const unknown =
    count('unknown') === 0
      ? ''
      : ` ${count('unknown')} ${count('unknown') === 1 ? 'check has' : 'checks have'} no answer yet.`;
  if (healthy) {
    const warnings = count('warning');
    const told = warnings === 0 ? '' : `, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
    return `${unknown === '' ? 'Healthy' : 'Healthy as far as known'}${told}.${unknown}`;
  }
  const bad = containers.filter(({ ok }) => !ok).length + count('failed');
  return `Not healthy: ${bad} ${bad === 1 ? 'answer is' : 'answers are'} bad. \`arc logs <container>\` may say why, and \`arc up\` starts what is missing.${unknown}`;
}

function answerText({ question, reply }: { question?: string; reply: string }): string {
  return question === undefined ? reply : `${question}: ${reply}`;
}

/** Docker, Compose and programs that restart unhealthy containers use the Engine's result. */
function engineNotes({ containers }: HealthReport): readonly string[] {
  return containers.flatMap(({ name, engine }) => {
    if (engine === undefined) return [];
    const output = engine.lastOutput.split('\n').at(-1)?.trim();
    const words = engine.status === 'unhealthy' && output ? `: ${output}` : '';
    return [`${name} is ${engine.status} to the Engine, whose own check runs in the container${words}.`];
  });
}

/**
 * Probes use the current configuration: if a container was created with another one, that may explain its bad answer.
 */
function changeNotes({ containers }: HealthReport): readonly string[] {
  return containers.flatMap(({ name, changed }) =>
    changed.length === 0
      ? []
      : [
          `${name} was created with another ${changed.join(' and ')} than its manifest gives now: \`arc up\` recreates it.`,
        ],
  );
}
