import type { ChalkInstance } from 'chalk';
import type { Phase } from '../../core/event.ts';
import { wrapText } from '../../core/wrap.ts';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import { formatMessageLine } from './message-line.ts';
import { elapsed, noProgress, progress, type StepView } from './progress.ts';
import { formatElapsed, type Renderer, type Streams } from './renderer.ts';
import { stepWords } from './words.ts';

const marks: Record<Phase, string> = { waiting: '·', running: '…', done: '✓', skipped: '-', failed: '✗' };

/** News of a step that goes on are shown this often at most, in milliseconds: a log keeps every line. */
const newsMilliseconds = 5_000;
/** How long a step may go on without a word before a line says that it still does, in milliseconds. */
const heartbeatMilliseconds = 15_000;
const tickMilliseconds = 1_000;

/**
 * One plain line per event, for pipes, files and continuous integration.
 *
 * @param options.now milliseconds on a clock that never runs backwards
 */
export function plainRenderer(options: {
  streams: Streams;
  chalk: ChalkInstance | undefined;
  now?: () => number;
}): Renderer {
  const { streams, chalk, now = () => performance.now() } = options;
  /** By step: the line that was shown last, and when. */
  const shown = new Map<string, { phase: Phase; words: string; at: number }>();
  let state = noProgress;
  let timer: NodeJS.Timeout | undefined;

  function show(view: StepView): void {
    const { step } = view;
    const words = wordsOf(view);
    const before = shown.get(step.id);
    if (before?.phase === step.phase) {
      const silence = now() - before.at;
      if (silence < (before.words === words ? heartbeatMilliseconds : newsMilliseconds)) return;
    }
    shown.set(step.id, { phase: step.phase, words, at: now() });
    const milliseconds = elapsed(view, now());
    const time = milliseconds < 1 ? '' : ` (${formatElapsed(milliseconds)})`;
    streams.err(`${wrapText(`${marks[step.phase]} ${words}${time}`, streams.columns())}\n`);
  }

  function tick(): void {
    const running = [...state.values()].filter(({ step }) => step.phase === 'running');
    for (const view of running) if (isShown(view)) show(view);
    if (running.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    print: (text) => streams.out(text),
    emit: (event) => {
      switch (event.type) {
        case 'step': {
          state = progress(state, event, now());
          const view = state.get(event.id);
          if (view && isShown(view)) show(view);
          if (event.phase === 'running') timer ??= setInterval(tick, tickMilliseconds).unref();
          return;
        }
        case 'log':
          streams.out(formatLogLine({ event, chalk }));
          return;
        case 'message':
          streams.out(formatMessageLine({ event, chalk }));
          return;
        case 'warning':
        case 'error':
          streams.err(`${formatProblem(event.problem, event.type, streams.columns())}\n`);
          return;
        case 'started':
        case 'result':
          return;
        default:
          event satisfies never;
      }
    },
    pause: () => {},
    resume: () => {},
    close: async () => clearInterval(timer),
  };
}

/**
 * Announcements of later work only make sense on a live terminal. Parts of a step are not reported, unless they fail or
 * change something that the plan could not name.
 */
function isShown({ step }: StepView): boolean {
  if (step.parent === undefined || step.phase === 'failed') return step.phase !== 'waiting';
  return step.phase === 'done' && ['create', 'change', 'remove'].includes(step.verb);
}

function wordsOf({ step }: StepView): string {
  const { subject, action, detail } = stepWords(step);
  return `${subject} ${action}${detail === undefined ? '' : `: ${detail}`}`;
}
