import type { EngineConnection } from './connection.ts';

/**
 * Asks an Engine for all its lists and facts now, so that it answers while the caller does something else. The first
 * call for a list gets that answer, later ones ask again.
 */
export function askAhead(connection: EngineConnection): EngineConnection {
  const { engine } = connection;
  // Kept by the connection.
  connection.info().catch(() => {});
  return {
    ...connection,
    engine: {
      ...engine,
      listContainers: firstAhead(engine.listContainers),
      listNetworks: firstAhead(engine.listNetworks),
      listVolumes: firstAhead(engine.listVolumes),
    },
  };
}

function firstAhead<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let first: Promise<Answer> | undefined = ask();
  // Whoever asks is told what is wrong.
  first.catch(() => {});
  return () => {
    const answer = first ?? ask();
    first = undefined;
    return answer;
  };
}
