import type { CommandRegistration } from '../cli.ts';

export const secrets: CommandRegistration = (program, run) => {
  const group = program
    .command('secrets')
    .description('list, create and rotate the secrets in .arc/secrets.env (mode 0600, ignored by git)');
  group
    .command('list')
    .description('list the secrets and where each comes from, without values')
    .action((options, command) =>
      run(async () => (await import('./secrets.handler.ts')).listSecrets, options, command.optsWithGlobals()),
    );
  group
    .command('generate')
    .description('create a real value for every secret that has none')
    .action((options, command) =>
      run(async () => (await import('./secrets.handler.ts')).makeSecrets, options, command.optsWithGlobals()),
    );
  group
    .command('rotate')
    .argument('[secret...]', 'names of secrets (default: all)')
    .description('create new values; `arc up` then recreates the containers that use them')
    .option('-y, --yes', 'do not ask')
    .action((names, options, command) =>
      run(
        async () => (await import('./secrets.handler.ts')).rotateSecrets,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};
