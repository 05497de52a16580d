import type { CommandRegistration } from '../cli.ts';

export const explain: CommandRegistration = (program, run) => {
  program
    .command('explain <service>')
    .description(
      'say all there is to know about a service or container: what it runs, needs, opens and can be set to',
    )
    .addHelpText('after', '\nExamples:\n  arc explain realtime\n  arc explain realtime-egress')
    .action((service, options, command) =>
      run(
        async () => (await import('./explain.handler.ts')).explainService,
        { ...options, service },
        command.optsWithGlobals(),
      ),
    );
};
