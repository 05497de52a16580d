import { defined } from '../../core/defined.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import type { Context } from '../context.ts';

/** A line that a container wrote. `name`: of the container. `time`: the Engine's. */
export type LogLine = { name: string; stream: 'stdout' | 'stderr'; line: string; time: string };

/**
 * Reads the logs of containers as the Engine has them: in order of time, or, where they are followed, as they come.
 *
 * @param options.since seconds since 1970
 * @param options.tail most lines of each container
 * @param options.onFollow called before the first line of logs that are followed, which have no end
 */
export async function readLines(options: {
  context: Context;
  connection: EngineConnection;
  names: readonly string[];
  follow: boolean;
  since?: number;
  tail?: number;
  onLine: (line: LogLine) => void;
  onFollow: () => void;
}): Promise<void> {
  const { context, connection, names, follow, since, tail, onLine, onFollow } = options;
  const held: LogLine[] = [];
  if (follow) onFollow();
  await Promise.all(
    names.map((name) =>
      connection.logs({
        request: { name, follow, ...defined({ since, tail }) },
        onLine: (line) => (follow ? onLine({ name, ...line }) : held.push({ name, ...line })),
        signal: context.signal,
      }),
    ),
  );
  for (const line of held.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) onLine(line);
}
