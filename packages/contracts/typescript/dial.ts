import { setTimeout as pause } from 'node:timers/promises';
import {
  AuthorizationError,
  connect,
  InvalidArgumentError,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';

/** Milliseconds until a server that is away is called again, and one that refuses the key. */
const pauses = { away: 250, refused: 1_000 };

/** Is told that the server refuses the key of the program, and told nothing once it does not. */
export type Refused = (problem: Error | undefined) => void;

/**
 * Connects for the first time, however long the server is away: it may start later.
 *
 * @param options.refused gets a refused key, and lets the program try on; without it, a refused key is thrown, because
 *   waiting does not make a key known
 * @param options.report gets why the server cannot be reached, at first and whenever it is something else
 * @throws Error where the server refuses the key; TypeError, InvalidArgumentError where the settings are wrong, such as a
 *   malformed address, which waiting does not put right
 */
export async function dial(options: {
  settings: NodeConnectionOptions;
  role: string;
  refused?: Refused | undefined;
  report: (problem: Error) => void;
}): Promise<NatsConnection> {
  const { settings, role, refused, report } = options;
  let reported: string | undefined;
  for (;;) {
    try {
      const connection = await connect(settings);
      refused?.(undefined);
      return connection;
    } catch (cause) {
      const problem = refusalOf({ role, cause });
      if (problem !== undefined && refused === undefined) throw problem;
      if (cause instanceof TypeError || cause instanceof InvalidArgumentError) throw cause;
      const because = cause instanceof Error ? cause.message : String(cause);
      if (problem === undefined && because !== reported) {
        reported = because;
        report(new Error(`NATS cannot be reached yet: ${because}`, { cause }));
      }
      refused?.(problem);
      await pause(problem === undefined ? pauses.away : pauses.refused);
    }
  }
}

/**
 * What the program is told of a refused key; nothing where the server said something else. A login that took too long is
 * an `AuthorizationError` of the client, too, but says nothing about the key. Pure.
 */
export function refusalOf(options: { role: string; cause: unknown }): Error | undefined {
  const { role, cause } = options;
  if (!(cause instanceof AuthorizationError) || !/authorization violation/i.test(cause.message))
    return undefined;
  return new Error(`NATS refuses the key of ${role}`, { cause });
}
