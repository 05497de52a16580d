import type { ChalkInstance } from 'chalk';
import type { ArcEvent, TaskState } from '../../core/event.ts';
import { wrapText } from '../../core/wrap.ts';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import { formatElapsed, type Renderer, type Streams } from './renderer.ts';

type TaskEvent = Extract<ArcEvent, { type: 'task' }>;

const marks: Record<TaskState, string> = { waiting: '·', running: '…', done: '✓', skipped: '-', failed: '✗' };

/** How long a task may go on without a word before a line says that it still does, in milliseconds. */
const heartbeatMilliseconds = 15_000;

/** One plain line an event, for pipes, files and continuous integration. */
export function plainRenderer(options: { streams: Streams; chalk: ChalkInstance | undefined }): Renderer {
  const { streams, chalk } = options;
  const shown = new Map<string, { line: string; milliseconds: number }>();
  /** Tasks report every second for the live tree; here only what is new counts. */
  const isNews = (event: TaskEvent): boolean => {
    // Announcements of what will come later only make sense on a live terminal.
    if (event.state === 'waiting') return false;
    const line = `${event.state} ${event.action} ${event.detail ?? ''}`;
    const milliseconds = event.milliseconds ?? 0;
    const before = shown.get(event.id);
    if (before?.line === line && milliseconds - before.milliseconds < heartbeatMilliseconds) return false;
    shown.set(event.id, { line, milliseconds });
    return true;
  };
  return {
    print: (text) => streams.out(text),
    emit: (event) => {
      switch (event.type) {
        case 'task':
          if (isNews(event)) streams.err(`${wrapText(taskLine(event), streams.columns())}\n`);
          return;
        case 'log':
          streams.out(formatLogLine({ event, chalk }));
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
    pause: async () => {},
    close: async () => {},
  };
}

function taskLine(event: TaskEvent): string {
  const elapsed = event.milliseconds === undefined ? '' : ` (${formatElapsed(event.milliseconds)})`;
  const detail = event.detail === undefined ? '' : `: ${event.detail}`;
  return `${marks[event.state]} ${event.subject} ${event.action}${detail}${elapsed}`;
}
