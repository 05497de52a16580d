import type { Agreement } from '../doctor/put-right.ts';
import { confirm } from './consent.ts';
import type { Context } from './context.ts';

/** How this command may change the machine: with `--yes`, or where a person at the terminal agrees. */
export function agreement(options: { cli: Context; yes: boolean }): Agreement {
  const { cli, yes } = options;
  if (cli.ask === undefined) return { yes };
  return { yes, ask: (question) => confirm({ cli, question, flag: '--yes', given: false }) };
}
