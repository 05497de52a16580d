import { ArcError } from '../core/errors.ts';
import { askAhead } from '../platform/docker/ask-ahead.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connection.ts';
import { type EngineLook, readEngineFacts } from './engine-facts.ts';

export type OpenedEngine = EngineLook & { connection: EngineConnection };

const connectMilliseconds = 5_000;

/**
 * The Engine and its facts, or the reason why there is none.
 *
 * @param options.connected in place of connecting now
 * @param options.first done before the Engine is asked for anything; what it throws is thrown
 * @param options.ahead asks for everything together that a plan looks at
 */
export async function openEngine(
  environment: Readonly<Record<string, string>>,
  options: {
    connected?: () => Promise<EngineConnection>;
    first?: (connection: EngineConnection) => Promise<void>;
    ahead?: boolean;
  } = {},
): Promise<OpenedEngine | ArcError> {
  let connection: EngineConnection;
  try {
    connection = await (options.connected?.() ??
      connectEngine({ environment, deadlineMilliseconds: connectMilliseconds }));
  } catch (error) {
    if (error instanceof ArcError) return error;
    throw error;
  }
  try {
    await options.first?.(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  try {
    const asked = options.ahead === true ? askAhead(connection) : connection;
    return { connection: asked, ...(await readEngineFacts({ connection: asked })) };
  } catch (error) {
    connection.close();
    if (error instanceof ArcError) return error;
    throw error;
  }
}
