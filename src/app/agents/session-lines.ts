/** Which conversations are meant. */
export type SessionFilter = { room: string | undefined; session: string | undefined };

type Line = { pid?: unknown; room?: unknown; session?: unknown; message?: unknown };

/**
 * Says of each line of a worker, in order, whether it is about a conversation: it names its room or session, or is of the
 * process that holds it. A worker holds each conversation in a process of its own, whose first line has all three.
 */
export function followsSession(filter: SessionFilter): (line: string) => boolean {
  const processes = new Set<number>();
  return (text) => {
    const line = read(text);
    const { pid, room, session } = line;
    const isNamed =
      (filter.room === undefined || room === filter.room) &&
      (filter.session === undefined || session === filter.session);
    if (typeof pid !== 'number') return isNamed;
    if (room !== undefined && session !== undefined) {
      // A number is used again by a later process.
      if (isNamed) processes.add(pid);
      else processes.delete(pid);
    }
    return isNamed || processes.has(pid);
  };
}

/** What is no JSON of an object names nothing. */
function read(text: string): Line {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
