import type { ChalkInstance } from 'chalk';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import { formatMessageLine } from './message-line.ts';
import type { Renderer, Streams } from './renderer.ts';

/** Errors, and logs and messages that were asked for. */
export function quietRenderer(options: { streams: Streams; chalk: ChalkInstance | undefined }): Renderer {
  const { streams } = options;
  return {
    print: (text) => streams.out(text),
    emit: (event) => {
      if (event.type === 'error')
        streams.err(`${formatProblem(event.problem, 'error', streams.columns())}\n`);
      else if (event.type === 'log') streams.out(formatLogLine({ event, chalk: options.chalk }));
      else if (event.type === 'message') streams.out(formatMessageLine({ event, chalk: options.chalk }));
    },
    pause: () => {},
    resume: () => {},
    close: async () => {},
  };
}
