import { ArcError } from '../core/errors.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connection.ts';
import { type EngineLook, readEngineFacts } from './engine-facts.ts';

export type OpenedEngine = EngineLook & { connection: EngineConnection };

const connectMilliseconds = 5_000;

/**
 * The Engine and its facts, or the reason why there is none.
 *
 * @param options.first done before the Engine is asked for anything; what it throws is thrown
 */
export async function openEngine(
  environment: Readonly<Record<string, string>>,
  options: { first?: (connection: EngineConnection) => Promise<void> } = {},
): Promise<OpenedEngine | ArcError> {
  let connection: EngineConnection;
  try {
    connection = await connectEngine({ environment, deadlineMilliseconds: connectMilliseconds });
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
    return { connection, ...(await readEngineFacts({ connection })) };
  } catch (error) {
    connection.close();
    if (error instanceof ArcError) return error;
    throw error;
  }
}
