import type { CommandRegistration } from '../cli.ts';

export const explain: CommandRegistration = (program, run) => {
  program
    .command('explain <service>')
    .description('describe a service or container: image, dependencies, ports, settings')
    .addHelpText('after', '\nExamples:\n  arc explain realtime\n  arc explain realtime-egress')
    .action((service, options, command) =>
      run(
        async () => (await import('./explain.handler.ts')).explainService,
        { ...options, service },
        command.optsWithGlobals(),
      ),
    );
};
