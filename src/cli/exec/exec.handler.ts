import { openRunning, withEngine } from '../../app/session.ts';
import { type ArcError, type ExitStatus, failed, invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { observe } from '../../platform/docker/observe.ts';
import { type OwnContainer, ownContainers } from '../../platform/docker/orphans.ts';
import type { Stack } from '../../stack/model.ts';
import type { Handler } from '../cli.ts';

/** Runs a program in a container that is named by its role or its name. */
export const execute: Handler<{ container: string; words: readonly string[] }> = async (options, cli) => {
  const { stack } = await openRunning({ context: cli, request: { selection: [], without: [], set: [] } });
  const { container: asked, words } = options;
  return withEngine({
    context: cli,
    use: async (engine, connection) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const there = ownContainers(snapshot);
      const running = there.find(({ role, name }) => role === asked || name === asked);
      if (running === undefined) throw absent({ asked, stack, there });
      if (running.state !== 'running') throw notRunning({ ...running, is: `is ${running.state}` });
      cli.endsWithReader();
      const code = await connection.exec({
        name: running.name,
        command: words,
        streams: cli.openStreams(),
      });
      // A script needs the program's own exit status, whatever it means.
      return code as ExitStatus;
    },
  });
};

/** `arc up` can create a container that a manifest describes; any other name is unknown. */
function absent(options: { asked: string; stack: Stack; there: readonly OwnContainer[] }): ArcError {
  const { asked, stack, there } = options;
  const described = stack.containers.find(({ role, name }) => role === asked || name === asked);
  if (described !== undefined) return notRunning({ ...described, is: 'does not exist' });
  const known = [...stack.containers, ...there].map(({ role }) => role);
  const meant = nearest(asked, known);
  return invalid({
    code: 'unknown-name',
    message: `No container is called ${asked}.`,
    suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
  });
}

function notRunning({ name, role, is }: { name: string; role: string; is: string }): ArcError {
  return failed({
    code: 'not-running',
    message: `${name} ${is}, so arc cannot run a program in it.`,
    suggestion: `run \`arc up ${role}\``,
  });
}
