import { type ArcError, invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { nameOf } from '../../core/resource.ts';
import type { ExecStreams } from '../../platform/docker/exec.ts';
import type { Context } from '../context.ts';
import { insideResources } from '../inside-kinds.ts';
import { onlyOne, sqlDatabases } from './databases.ts';
import { requireServer, withRunningStack } from './running-stack.ts';

/**
 * Runs the shell of a database's server in its container, on the terminal where there is one.
 *
 * @param options.login role that logs in; the administrator unless given
 * @param options.words for the shell
 * @returns the shell's exit status
 * @throws ArcError `unknown-role` where no manifest declares the role with a password
 */
export function sqlShell(options: {
  context: Context;
  login?: string | undefined;
  database?: string | undefined;
  words: readonly string[];
  streams: ExecStreams;
}): Promise<number> {
  const { context, login, words, streams } = options;
  return withRunningStack({
    context,
    use: async ({ stack, running, connection }) => {
      const found = sqlDatabases({ stack, named: options.database });
      const { database, resource, tools } = onlyOne(found, (one) => one.database);
      const { inside, access } = resource;
      const container = stack.containers.find(({ role }) => role === access.at.role);
      const port = container?.ports.find(({ name }) => name === access.at.port)?.container.first;
      if (inside === undefined || port === undefined) throw new Error(`${database} is in no server`);
      requireServer({ running, resource });
      const roles = insideResources(stack)
        .filter((one) => one.kind === tools.kinds.role && one.inside === inside)
        .map(({ spec }) => spec);
      const shell = tools.shell({ fields: access.fields, roles, login, database, port, words });
      if (shell.kind === 'unknown-role') throw unknownRole({ login: login ?? '', known: shell.known });
      const { command, environment } = shell;
      return connection.exec({ name: nameOf(inside), command, environment, streams });
    },
  });
}

function unknownRole(options: { login: string; known: readonly string[] }): ArcError {
  const { login, known } = options;
  const meant = nearest(login, known);
  return invalid({
    code: 'unknown-role',
    message: `No manifest declares the role ${login} with a password.`,
    suggestion:
      meant === undefined ? `roles with a password: ${known.join(', ')}` : `did you mean \`${meant}\`?`,
  });
}
