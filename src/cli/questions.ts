import type { Questions } from '../app/context.ts';
import type { prompts } from './prompts.ts';

/**
 * Questions on the terminal. Progress stops while one is open.
 *
 * @param options.pause leaves the terminal to a question; `resume` takes it back
 * @param options.signal ends a question: Ctrl-C
 */
export function questions(options: {
  pause: () => void;
  resume: () => void;
  signal: AbortSignal;
}): Questions {
  const { pause, resume, signal } = options;
  const context = { output: process.stderr, signal };
  const ask = async <Reply>(question: (from: typeof prompts) => Promise<Reply>): Promise<Reply> => {
    const { prompts: loaded } = await import('./prompts.ts');
    pause();
    try {
      return await question(loaded);
    } finally {
      resume();
    }
  };
  return {
    confirm: (message) => ask(({ confirm }) => confirm({ message, default: false }, context)),
    type: (message) => ask(({ input }) => input({ message }, context)),
  };
}
