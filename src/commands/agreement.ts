import type { Agreement } from '../doctor/put-right.ts';
import type { Cli } from './cli.ts';
import { confirm } from './consent.ts';

/** How this command may change the machine: with `--yes`, or where a person at the terminal agrees. */
export function agreement(options: { cli: Cli; yes: boolean }): Agreement {
  const { cli, yes } = options;
  if (!cli.interactive) return { yes };
  return { yes, ask: (question) => confirm({ cli, question, flag: '--yes', given: false }) };
}
