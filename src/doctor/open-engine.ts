import { ArcError } from '../core/errors.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connect.ts';
import { type EngineFacts, readEngineFacts } from './engine-facts.ts';

const connectMilliseconds = 5_000;

/** The Engine and what it tells, or why there is none. */
export async function openEngine(
  environment: Readonly<Record<string, string>>,
): Promise<{ connection: EngineConnection; facts: EngineFacts } | ArcError> {
  let connection: EngineConnection | undefined;
  try {
    connection = await connectEngine({ environment, deadlineMilliseconds: connectMilliseconds });
    const facts = await readEngineFacts({ connection });
    return { connection, facts };
  } catch (error) {
    connection?.close();
    if (error instanceof ArcError) return error;
    throw error;
  }
}
