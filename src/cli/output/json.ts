import type { Renderer, Streams } from './renderer.ts';

/** One JSON object per line on standard output, for scripts (docs/events.md). */
export function jsonRenderer(streams: Streams): Renderer {
  return {
    // The answer is the event of type `result`.
    print: () => {},
    emit: (event) => streams.out(`${JSON.stringify(event)}\n`),
    pause: () => {},
    resume: () => {},
    close: async () => {},
  };
}
