import { execIn } from '../../engine/exec.ts';
import { observe } from '../../engine/observe.ts';
import { type ExitStatus, failed, invalid } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Handler } from '../cli.ts';
import { openEverything, withEngine } from '../session.ts';

/** Runs a program in a container that is named by its role or its name. */
export const execute: Handler<{ container: string; words: readonly string[] }> = async (options, cli) => {
  const { stack } = await openEverything({ cli, request: { selection: [], without: [], set: [] } });
  const wanted = stack.containers.find(
    ({ role, name }) => role === options.container || name === options.container,
  );
  if (wanted === undefined) {
    const meant = nearest(
      options.container,
      stack.containers.map(({ role }) => role),
    );
    throw invalid({
      code: 'unknown-name',
      message: `No container is called ${options.container}.`,
      suggestion: meant === undefined ? 'see `arc services` for what there is' : `did you mean \`${meant}\`?`,
    });
  }
  return withEngine({
    cli,
    use: async (engine, { docker }) => {
      const { containers } = await observe({ engine, project: stack.project, stack });
      const running = containers.find(
        ({ project, role }) => project === stack.project && role === wanted.role,
      );
      if (running?.state !== 'running')
        throw failed({
          code: 'not-running',
          message: `${wanted.name} ${running === undefined ? 'is not there' : `is ${running.state}`}, so nothing can be run in it.`,
          suggestion: `run \`arc up ${wanted.role}\``,
        });
      const code = await execIn({
        docker,
        name: wanted.name,
        command: options.words,
        streams: cli.openStreams(),
      });
      // The program's own status is what a script wants to know, whatever it means.
      return code as ExitStatus;
    },
  });
};
