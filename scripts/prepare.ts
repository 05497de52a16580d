// Prepares this machine for the tests or the bench, before anything long begins:
//   node scripts/prepare.ts test|bench [--yes]
// Root on Debian and Ubuntu gets what is missing, with --yes or when asked; everybody else one message with all of it.
import { agreement } from '../src/app/agreement.ts';
import { runCommand } from '../src/cli/run.ts';
import { exitStatus } from '../src/core/errors.ts';
import { ensureMachine } from '../src/doctor/ensure.ts';
import { benchNeeds, testNeeds } from '../tests/requirements.ts';
import { bringTools } from './suite-tools.ts';

const suites = new Map([
  ['test', testNeeds],
  ['bench', benchNeeds],
]);

const [name = '', ...flags] = process.argv.slice(2);
const needs = suites.get(name);
const yes = flags.includes('--yes');
if (needs === undefined || flags.length > Number(yes)) {
  console.error('usage: node scripts/prepare.ts test|bench [--yes]');
  process.exit(exitStatus.invalid);
}
await runCommand({
  load: async () => async (_, cli) => {
    const { environment, columns, emit, signal } = cli;
    const consent = agreement({ context: cli, yes });
    await ensureMachine({ ...consent, requirements: needs.requirements, environment, columns, emit, signal });
    await bringTools({ needs, environment, emit, signal });
    return exitStatus.done;
  },
  options: {},
  globals: {},
});
