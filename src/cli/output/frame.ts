import type { ChalkInstance } from 'chalk';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { printable } from '../../core/text.ts';
import { elapsed, type Line, linesOf, type ProgressState, type StepView } from './progress.ts';
import { formatElapsed } from './renderer.ts';
import { stepWords, verbs } from './words.ts';

/** How to draw a picture. */
export type FrameLook = {
  /** Width of the terminal; no line is wider. */
  columns: number;
  /** Lines at most; what is done is folded first. */
  rows: number;
  /** On the clock of the state. */
  now: number;
  chalk: ChalkInstance;
  /** Nothing goes on any more, or not until a question is answered. */
  halted?: 'interrupted' | 'waits for an answer';
};

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** How long each picture of the spinner is shown, in milliseconds. */
export const spinnerMilliseconds = 80;

/** One line of the picture, and what it may be folded as. */
type Drawn = { text: string; as: 'ended' | 'waiting' | 'running' | 'failed' };

/** Draws the live tree: a line a subject, and below it what else goes on there. Pure. */
export function frame(state: ProgressState, look: FrameLook): readonly string[] {
  const lines = linesOf(state, look.now);
  return fold(
    lines.flatMap((line) => drawLine(line, look)),
    look,
  ).map(({ text }) => text);
}

function drawLine(line: Line, look: FrameLook): readonly Drawn[] {
  const { subject, shown, milliseconds } = line;
  const halted = look.halted !== undefined;
  const phase = halted && (line.phase === 'between' || line.phase === 'waiting') ? 'skipped' : line.phase;
  const isStopped = halted && phase === 'running';
  const { action, detail } = countedWords(line, look) ?? wordsFor(line, look);
  const text = fitted({
    mark: markOf(isStopped ? 'skipped' : phase, look),
    head: subject,
    rest: [action, detail],
    time: phase === 'skipped' || milliseconds < 1 ? '' : ` [${formatElapsed(milliseconds)}]`,
    look,
  });
  const as = foldedAs[isStopped ? 'skipped' : phase];
  const children = halted || shown.step.phase !== 'running' ? [] : line.children;
  return [{ text, as }, ...children.map((child) => ({ text: drawChild(child, look), as }))];
}

/** What a line that counts its steps says while nothing has failed, and nothing was left. */
function countedWords(
  { count, phase, shown }: Line,
  { halted }: FrameLook,
): { action: string; detail?: string } | undefined {
  if (count === undefined) return undefined;
  const [toDo, doing, done] = verbs[shown.step.verb];
  if (phase === 'done') return { action: `${done}, ${count.of}` };
  if (halted !== undefined || phase === 'failed' || phase === 'skipped') return undefined;
  if (phase === 'waiting') return { action: `${toDo}, ${count.of}` };
  return { action: `${doing}, ${count.ended} of ${count.of}` };
}

function wordsFor({ shown, phase }: Line, { halted }: FrameLook): { action: string; detail?: string } {
  const { action, detail } = stepWords(shown.step);
  if (halted !== undefined && phase === 'running') return { action, detail: `(${halted})` };
  if (halted !== undefined && (phase === 'waiting' || phase === 'between'))
    return { action, detail: '(not done)' };
  if (phase === 'skipped' && detail === undefined) return { action, detail: '(not done)' };
  return { action, ...(detail !== undefined && { detail }) };
}

function drawChild(view: StepView, look: FrameLook): string {
  const { subject, action, detail } = stepWords(view.step);
  return fitted({
    mark: `  ${markOf(view.step.phase, look)}`,
    head: view.step.parent === undefined ? action : subject,
    rest: view.step.parent === undefined ? [detail] : [action, detail],
    time: ` [${formatElapsed(elapsed(view, look.now))}]`,
    look,
  });
}

const foldedAs: Record<Line['phase'], Drawn['as']> = {
  done: 'ended',
  skipped: 'ended',
  failed: 'failed',
  running: 'running',
  between: 'waiting',
  waiting: 'waiting',
};

function markOf(phase: Line['phase'], { chalk, now }: FrameLook): string {
  switch (phase) {
    case 'done':
      return chalk.green('✔');
    case 'failed':
      return chalk.red('✖');
    case 'skipped':
      return chalk.yellow('-');
    case 'waiting':
    case 'between':
      return chalk.dim('·');
    case 'running':
      return chalk.cyan(spinner[Math.floor(now / spinnerMilliseconds) % spinner.length] ?? '⠋');
    default:
      return phase satisfies never;
  }
}

/**
 * One line no wider than the terminal. Where it does not fit, a name gives way to the news about it, as far as to half
 * of the line; the time always stays.
 */
function fitted(options: {
  mark: string;
  head: string;
  rest: readonly (string | undefined)[];
  time: string;
  look: FrameLook;
}): string {
  const { mark, time, look } = options;
  const { dim } = look.chalk;
  const [action, detail] = options.rest.filter((part) => part !== undefined).map(oneLine);
  const start = `${mark} ${oneLine(options.head)}`;
  const room = Math.max(1, look.columns - time.length);
  const left = room - stringWidth(start) - 1;
  const news =
    detail === undefined ? '' : cliTruncate(`  ${detail}`, Math.max(1, roomForNews(action, detail, left)));
  const act =
    action === undefined
      ? ''
      : cliTruncate(action, Math.max(1, left - stringWidth(news)), { position: 'middle' });
  return `${cliTruncate(`${start} ${dim(act)}${dim(news)}`.trimEnd(), room)}${dim(time)}`;
}

function roomForNews(action: string | undefined, detail: string, left: number): number {
  const wanted = stringWidth(detail) + 2;
  const free = left - stringWidth(action ?? '');
  return Math.min(wanted, Math.max(free, Math.floor(left / 2)));
}

/** Words of other programs may hold line breaks and what a terminal would obey. */
function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '));
}

const summaries: Record<Drawn['as'], (count: number, chalk: ChalkInstance) => string> = {
  ended: (count, chalk) => `${chalk.green('✔')} ${chalk.dim(`${count} done`)}`,
  waiting: (count, chalk) => `${chalk.dim('·')} ${chalk.dim(`${count} waiting`)}`,
  running: (count, chalk) => chalk.dim(`  and ${count} more`),
  failed: (count, chalk) => `${chalk.red('✖')} ${chalk.dim(`${count} failed`)}`,
};

/** Makes the picture fit: first the oldest of what is done become one line, then what waits, then what goes on. */
function fold(drawn: readonly Drawn[], { rows, chalk }: FrameLook): readonly Drawn[] {
  let lines = [...drawn];
  for (const as of ['ended', 'waiting', 'running', 'failed'] as const) {
    const excess = lines.length - rows;
    if (excess <= 0) return lines;
    const places = lines.flatMap((line, index) => (line.as === as ? [index] : []));
    if (places.length < 2) continue;
    const count = Math.min(places.length, excess + 1);
    const folded = as === 'ended' ? places.slice(0, count) : places.slice(-count);
    const [first = 0] = folded;
    const summary: Drawn = { as, text: summaries[as](folded.length, chalk) };
    lines = lines.flatMap((line, index) =>
      index === first ? [summary] : folded.includes(index) ? [] : [line],
    );
  }
  return lines.slice(0, Math.max(1, rows));
}

/** Whether something goes on, so that the picture changes by itself. */
export function isLive(state: ProgressState): boolean {
  return [...state.values()].some(({ step }) => step.phase === 'running');
}
