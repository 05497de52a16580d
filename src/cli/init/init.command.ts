import type { CommandRegistration } from '../cli.ts';

export const init: CommandRegistration = (program, run) => {
  program
    .command('init')
    .description('turn a folder into a workspace, with the built-in services ready to boot')
    .argument('[dir]', 'the folder; it may not exist yet', '.')
    .option('--project <name>', "name of the project; the folder's where absent")
    .option(
      '--images <place>',
      'registry and path that images are in; where absent ghcr.io/<owner> of the GitHub repository, else localhost/<project>',
    )
    .option('--services <roles>', 'built-in services, with commas between; what they depend on comes along')
    .option('--media <mode>', 'range of UDP ports for media, or all of it on one (mux)')
    .option('--node-ip <address>', 'address that clients send media to: an IPv4 address, lan or public')
    .option(
      '--names <policy>',
      "names on the Engine: the manifests' (manifest), or the project's own (project), to run beside another stack",
    )
    .option('--ports <offset>', 'number to add to all ports on the host, or auto: arc chooses free ones')
    .option('-y, --yes', 'take the default for whatever no flag says')
    .addHelpText(
      'after',
      '\nOn a terminal it asks for what no flag says.\n' +
        '\nExamples:\n  arc init demo\n  arc init demo --yes --media mux --node-ip lan\n  arc init store --services cache,storage --yes' +
        '\n  arc init second --names project --ports auto --yes',
    )
    .action((dir, options, command) =>
      run(
        async () => (await import('./init.handler.ts')).initialise,
        { ...options, dir },
        command.optsWithGlobals(),
      ),
    );
};
