/** A partition of a topic by its own name: `persistent://arc/events/conversation-partition-0`. */
export function partitionUrl(url: string, partition: number): string {
  return `${url}-partition-${partition}`;
}

/**
 * The partition of a key, which every client of Pulsar chooses in the same way, so that its messages stay in order: the
 * hash of Java's `String.hashCode`, without its sign.
 */
export function partitionOf(options: { key: string; partitions: number }): number {
  let hash = 0;
  // UTF-16, as in Java.
  for (let at = 0; at < options.key.length; at += 1)
    hash = (Math.imul(31, hash) + options.key.charCodeAt(at)) | 0;
  return (hash & 0x7fff_ffff) % options.partitions;
}
