/** The largest frame that the broker sends arc: answers to one message, which are far smaller. */
const largest = 1024 * 1024;

/**
 * Cuts what comes into commands: the length of all, the length of the command, the command.
 *
 * @returns takes the next bytes, and gives the commands that are complete
 */
export function commandsIn(): (chunk: Buffer) => readonly Uint8Array[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const found: Uint8Array[] = [];
    while (rest.length >= 8) {
      const total = rest.readUInt32BE(0);
      if (total > largest) throw new Error('what came is not the protocol of Pulsar');
      if (rest.length < 4 + total) break;
      const size = rest.readUInt32BE(4);
      found.push(rest.subarray(8, 8 + size));
      rest = rest.subarray(4 + total);
    }
    return found;
  };
}
