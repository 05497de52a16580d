import type { ChalkInstance } from 'chalk';
import type { ArcEvent, TaskState } from './event.ts';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import { formatElapsed, type Renderer, type Streams } from './renderer.ts';

const marks: Record<TaskState, string> = { waiting: '·', running: '…', done: '✓', skipped: '-', failed: '✗' };

/** One plain line an event, for pipes, files and continuous integration. */
export function plainRenderer(options: { streams: Streams; chalk: ChalkInstance }): Renderer {
  const { streams, chalk } = options;
  return {
    emit: (event) => {
      switch (event.type) {
        case 'task':
          // Announcements of what will come later only make sense on a live terminal.
          if (event.state !== 'waiting') streams.err(`${taskLine(event)}\n`);
          return;
        case 'log':
          streams.out(formatLogLine({ event, chalk }));
          return;
        case 'warning':
        case 'error':
          streams.err(`${formatProblem(event.problem)}\n`);
          return;
        case 'started':
        case 'result':
          return;
        default:
          event satisfies never;
      }
    },
    close: async () => {},
  };
}

function taskLine(event: Extract<ArcEvent, { type: 'task' }>): string {
  const elapsed = event.milliseconds === undefined ? '' : ` (${formatElapsed(event.milliseconds)})`;
  const detail = event.detail === undefined ? '' : `: ${event.detail}`;
  return `${marks[event.state]} ${event.subject} ${event.action}${detail}${elapsed}`;
}
