import type { CommandRegistration } from '../cli.ts';

export const init: CommandRegistration = (program, run) => {
  program
    .command('init')
    .description('turn a folder into a workspace, with the built-in services ready to boot')
    .argument('[dir]', 'folder; created if missing', '.')
    .option('--project <name>', "name of the project (default: the folder's name)")
    .option(
      '--images <place>',
      'registry and path of the images (default: ghcr.io/<owner> in a GitHub repository, else localhost/<project>)',
    )
    .option('--services <roles>', 'built-in services, separated by commas; arc adds their dependencies')
    .option('--media <mode>', 'UDP ports for media: a range, or a single port (mux)')
    .option('--node-ip <address>', 'address that clients send media to: an IPv4 address, lan or public')
    .option(
      '--names <policy>',
      'names on the Engine: as in the manifests (manifest), or prefixed with the project (project), to run beside another stack',
    )
    .option(
      '--ports <offset>',
      'number added to every port on the host, or auto to let arc choose free ports',
    )
    .option('--agent <name>', 'add an agent of your own; in a workspace, nothing else is added')
    .option('-y, --yes', 'do not ask; use the defaults')
    .addHelpText(
      'after',
      '\nOn a terminal, arc asks for every value that no flag sets.\n' +
        '\nExamples:\n  arc init demo\n  arc init demo --yes --media mux --node-ip lan\n  arc init store --services cache,storage --yes' +
        '\n  arc init second --names project --ports auto --yes\n  arc init --agent guide',
    )
    .action((dir, options, command) =>
      run(
        async () => (await import('./init.handler.ts')).initialise,
        { ...options, dir },
        command.optsWithGlobals(),
      ),
    );
};
