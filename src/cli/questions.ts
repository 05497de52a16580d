import type { Questions } from '../app/context.ts';

/**
 * Questions on the terminal. Progress stops while one is open.
 *
 * @param options.signal ends a question: Ctrl-C
 */
export function questions(options: { pause: () => Promise<void>; signal: AbortSignal }): Questions {
  const { pause, signal } = options;
  const context = { output: process.stderr, signal };
  const open = async () => {
    const { prompts } = await import('./prompts.ts');
    await pause();
    return prompts;
  };
  return {
    confirm: async (message) => (await open()).confirm({ message, default: false }, context),
    type: async (message) => (await open()).input({ message }, context),
  };
}
