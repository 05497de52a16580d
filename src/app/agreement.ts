import type { Agreement } from '../doctor/put-right.ts';
import { confirm } from './consent.ts';
import type { Context } from './context.ts';

/** How this command may change the machine: with `--yes`, or if a person at the terminal agrees. */
export function agreement(options: { context: Context; yes: boolean }): Agreement {
  const { context, yes } = options;
  if (context.ask === undefined) return { yes };
  return { yes, ask: (question) => confirm({ context, question, flag: '--yes', given: false }) };
}
