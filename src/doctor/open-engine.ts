import { ArcError } from '../core/errors.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connection.ts';
import { type EngineFacts, readEngineFacts } from './engine-facts.ts';

const connectMilliseconds = 5_000;

/**
 * The Engine and its facts, or the reason why there is none.
 *
 * @param options.first done before the Engine is asked for anything; what it throws is thrown
 */
export async function openEngine(
  environment: Readonly<Record<string, string>>,
  options: { first?: (connection: EngineConnection) => Promise<void> } = {},
): Promise<{ connection: EngineConnection; facts: EngineFacts } | ArcError> {
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
    const facts = await readEngineFacts({ connection });
    return { connection, facts };
  } catch (error) {
    connection.close();
    if (error instanceof ArcError) return error;
    throw error;
  }
}
