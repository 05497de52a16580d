import type { ChalkInstance } from 'chalk';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import type { Renderer, Streams } from './renderer.ts';

/** Errors and asked-for logs only. */
export function quietRenderer(options: { streams: Streams; chalk: ChalkInstance | undefined }): Renderer {
  return {
    print: (text) => options.streams.out(text),
    emit: (event) => {
      if (event.type === 'error') options.streams.err(`${formatProblem(event.problem)}\n`);
      else if (event.type === 'log') options.streams.out(formatLogLine({ event, chalk: options.chalk }));
    },
    pause: async () => {},
    close: async () => {},
  };
}
