import { askAhead } from '../platform/docker/ask-ahead.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connection.ts';
import { isEngineHere } from '../platform/docker/endpoint.ts';

/** A connection to the Engine that is made while the workspace is read. */
export type BegunConnection = {
  /** @throws ArcError as {@link connectEngine} */
  connected: () => Promise<EngineConnection>;
  /** Closes it, for a command that cannot use it. */
  drop: () => void;
};

const connectMilliseconds = 5_000;

/**
 * Begins to connect to an Engine of this machine, which answers within milliseconds. The way to another machine is not
 * begun before it is certain to be needed.
 *
 * @param options.ahead asks for all lists as soon as it is connected
 */
export function beginConnection(options: {
  environment: Readonly<Record<string, string>>;
  ahead?: boolean;
}): BegunConnection {
  const { environment, ahead = false } = options;
  const connect = async (): Promise<EngineConnection> => {
    const connection = await connectEngine({ environment, deadlineMilliseconds: connectMilliseconds });
    return ahead ? askAhead(connection) : connection;
  };
  const begun = isEngineHere(environment) ? connect() : undefined;
  // What is wrong with the workspace is said first.
  begun?.catch(() => {});
  return {
    connected: () => begun ?? connect(),
    drop: () => void begun?.then(({ close }) => close()).catch(() => {}),
  };
}

/** Does something while a connection is made, and drops that if it fails. */
export async function meanwhile<Result>(
  begun: BegunConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    begun.drop();
    throw error;
  }
}
